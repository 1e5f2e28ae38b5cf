package io.opencrane.api.mcp;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.opencrane.api.resource.Absent;
import io.opencrane.api.resource.MaybeEmpty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a tool server is reached (contract §2). Holds whatever the server holds.
 *
 * @param description for people, or null
 * @param endpoint its URL or command, at least one character
 * @param transport how it is spoken to; server-sent events when absent
 * @param scopes scopes a caller needs
 * @param gateway the gateway before it
 * @param credentialsSecretRef the name of the Secret with its credentials, or null
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record McpServerSpec(
        @Nullable String description,
        String endpoint,
        McpTransport transport,
        List<String> scopes,

        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = MaybeEmpty.Omitted.class)
        McpGateway gateway,

        @Nullable String credentialsSecretRef) {
    /** Copies the scopes; what is absent becomes the default. */
    public McpServerSpec {
        endpoint = Absent.asEmpty(endpoint);
        transport = Absent.or(transport, McpTransport.SSE);
        scopes = Absent.asEmpty(scopes);
        gateway = Absent.or(gateway, McpGateway.DEFAULT);
    }

    /**
     * Starts one with what is required; everything else is at its default.
     *
     * @param endpoint its URL or command, at least one character
     * @return a builder
     */
    public static Builder builder(String endpoint) {
        return new Builder(new McpServerSpec(null, endpoint, McpTransport.SSE, List.of(), McpGateway.DEFAULT, null));
    }

    /**
     * Starts from this one.
     *
     * @return a builder with every field of this one
     */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Builds a spec. Passing null clears a field. Not thread-safe. */
    public static final class Builder {
        private @Nullable String description;
        private String endpoint;
        private McpTransport transport;
        private List<String> scopes;
        private McpGateway gateway;
        private @Nullable String credentialsSecretRef;

        private Builder(McpServerSpec start) {
            description = start.description;
            endpoint = start.endpoint;
            transport = start.transport;
            scopes = start.scopes;
            gateway = start.gateway;
            credentialsSecretRef = start.credentialsSecretRef;
        }

        /**
         * Sets description.
         *
         * @param value for people, or null
         * @return this builder
         */
        public Builder description(@Nullable String value) {
            description = value;
            return this;
        }

        /**
         * Sets endpoint.
         *
         * @param value its URL or command, at least one character
         * @return this builder
         */
        public Builder endpoint(String value) {
            endpoint = value;
            return this;
        }

        /**
         * Sets transport.
         *
         * @param value how it is spoken to; server-sent events when absent
         * @return this builder
         */
        public Builder transport(McpTransport value) {
            transport = value;
            return this;
        }

        /**
         * Sets scopes.
         *
         * @param value scopes a caller needs
         * @return this builder
         */
        public Builder scopes(List<String> value) {
            scopes = value;
            return this;
        }

        /**
         * Sets gateway.
         *
         * @param value the gateway before it
         * @return this builder
         */
        public Builder gateway(McpGateway value) {
            gateway = value;
            return this;
        }

        /**
         * Sets credentialsSecretRef.
         *
         * @param value the name of the Secret with its credentials, or null
         * @return this builder
         */
        public Builder credentialsSecretRef(@Nullable String value) {
            credentialsSecretRef = value;
            return this;
        }

        /**
         * The spec as set.
         *
         * @return a spec
         */
        public McpServerSpec build() {
            return new McpServerSpec(description, endpoint, transport, scopes, gateway, credentialsSecretRef);
        }
    }
}
