package io.opencrane.api.mcp;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.opencrane.api.resource.MaybeEmpty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was last observed of a tool server (contract §2).
 *
 * @param phase where it stands, or null; the contract leaves the words open
 * @param lastReconciled when this content was first observed; it moves only when another field does
 * @param message one sentence for people, or null; never holds a secret
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record McpServerStatus(
        @Nullable String phase,

        @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable
        Instant lastReconciled,

        @Nullable String message)
        implements MaybeEmpty {
    private static final McpServerStatus EMPTY = new McpServerStatus(null, null, null);

    /**
     * The status before anybody looked.
     *
     * @return an empty status
     */
    public static McpServerStatus empty() {
        return EMPTY;
    }

    @Override
    public boolean isEmpty() {
        return equals(EMPTY);
    }
}
