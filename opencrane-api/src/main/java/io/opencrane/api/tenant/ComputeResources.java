package io.opencrane.api.tenant;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.opencrane.api.resource.MaybeEmpty;
import io.opencrane.api.resource.Quantity;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant's pod requests.
 *
 * @param cpu cores, or null for the default
 * @param memory bytes, or null for the default
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ComputeResources(
        @Nullable Quantity cpu, @Nullable Quantity memory) implements MaybeEmpty {
    /** Nothing asked for. */
    public static final ComputeResources NONE = new ComputeResources(null, null);

    @Override
    public boolean isEmpty() {
        return cpu == null && memory == null;
    }
}
