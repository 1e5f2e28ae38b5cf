package io.opencrane.api.clustertenant;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.opencrane.api.resource.Absent;
import io.opencrane.api.resource.MaybeEmpty;
import org.jspecify.annotations.Nullable;

/**
 * The nodes a customer's tenants run on.
 *
 * @param mode shared when absent
 * @param nodePool the pool, required when dedicated; null otherwise
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Compute(ComputeMode mode, @Nullable String nodePool) implements MaybeEmpty {
    /** Shared nodes. */
    public static final Compute SHARED = new Compute(ComputeMode.SHARED, null);

    /** An absent mode is the shared one. */
    public Compute {
        mode = Absent.or(mode, ComputeMode.SHARED);
    }

    /**
     * Nodes of the customer alone.
     *
     * @param nodePool the value of the node label {@code opencrane.io/node-pool}
     * @return dedicated compute
     */
    public static Compute dedicated(String nodePool) {
        return new Compute(ComputeMode.DEDICATED, nodePool);
    }

    @Override
    public boolean isEmpty() {
        return equals(SHARED);
    }
}
