package io.opencrane.api.mcp;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.opencrane.api.resource.Absent;
import io.opencrane.api.resource.MaybeEmpty;
import org.jspecify.annotations.Nullable;

/**
 * The gateway before a tool server.
 *
 * @param enabled whether calls go through it; true when absent
 * @param audience the audience of tokens it takes; {@code obot-gateway} when absent
 * @param timeoutSeconds seconds a call may take, at least 1; 30 when absent
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record McpGateway(boolean enabled, String audience, int timeoutSeconds) implements MaybeEmpty {
    private static final String DEFAULT_AUDIENCE = "obot-gateway";

    /** What an absent object means. */
    public static final McpGateway DEFAULT = new McpGateway(true, DEFAULT_AUDIENCE, 30);

    @JsonCreator
    static McpGateway read(
            @JsonProperty("enabled") @Nullable Boolean enabled,
            @JsonProperty("audience") @Nullable String audience,
            @JsonProperty("timeoutSeconds") @Nullable Integer timeoutSeconds) {
        return new McpGateway(
                Absent.or(enabled, true), Absent.or(audience, DEFAULT_AUDIENCE), Absent.or(timeoutSeconds, 30));
    }

    @Override
    public boolean isEmpty() {
        return equals(DEFAULT);
    }
}
