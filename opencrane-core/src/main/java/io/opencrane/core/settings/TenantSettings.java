package io.opencrane.core.settings;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What every tenant's pod gets unless its spec says otherwise.
 *
 * @param defaultImage {@code TENANT_DEFAULT_IMAGE}
 * @param gatewayPort {@code GATEWAY_PORT}, on which the assistant listens
 * @param projectedTokenTtl {@code PROJECTED_TOKEN_TTL_SECONDS}; Kubernetes takes no less than 10 minutes
 * @param idleTimeout {@code IDLE_TIMEOUT_MINUTES} after which a tenant is put to sleep; zero is never
 * @param idleCheckInterval {@code IDLE_CHECK_INTERVAL_SECONDS}
 * @param canaryTimeout {@code OPENCRANE_CANARY_TIMEOUT_MS}, how long a canary may take to become ready
 * @param defaultPolicyRef {@code DEFAULT_TENANT_POLICY_REF}, followed by a tenant that no policy selects; null for none
 * @param egressBaseline {@code OPENCRANE_EGRESS_BASELINE}: CIDR blocks that every tenant may reach, IPv4 or IPv6
 */
public record TenantSettings(
        String defaultImage,
        int gatewayPort,
        Duration projectedTokenTtl,
        Duration idleTimeout,
        Duration idleCheckInterval,
        Duration canaryTimeout,
        @Nullable String defaultPolicyRef,
        List<String> egressBaseline) {
    /** Copies the list. */
    public TenantSettings {
        egressBaseline = List.copyOf(egressBaseline);
    }
}
