package io.opencrane.api.policy;

import com.fasterxml.jackson.annotation.JsonFormat;
import io.opencrane.api.resource.Page;
import io.opencrane.api.tenant.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whom a change of policies would hit, and what they would gain and lose.
 *
 * @param shifts one for each way in which tenants are hit; empty if nobody is
 * @param source where the tenants were read
 * @param asOf when
 */
public record BlastRadius(
        List<Shift> shifts,
        Page.Source source,
        @JsonFormat(shape = JsonFormat.Shape.STRING) Instant asOf) {
    /** Copies the list. */
    public BlastRadius {
        shifts = List.copyOf(shifts);
    }

    /**
     * Tenants to whom the same happens.
     *
     * @param tenants who, in byte order
     * @param before where they stand
     * @param after where they would stand
     * @param gains what they would reach that they do not reach now
     * @param losses what they reach now and would not reach any more
     */
    public record Shift(
            List<TenantId> tenants, Standing before, Standing after, List<Reach> gains, List<Reach> losses) {
        /** Copies the lists. */
        public Shift {
            tenants = List.copyOf(tenants);
            gains = List.copyOf(gains);
            losses = List.copyOf(losses);
        }
    }

    /**
     * Where a tenant stands.
     *
     * @param policy the policy in force; null for none
     * @param state how resolution ends
     */
    public record Standing(@Nullable String policy, PolicyResolutionState state) {}

    /**
     * One thing to reach.
     *
     * @param sort what it is
     * @param value for example {@code 10.0.0.0/8 443/TCP}, {@code *.github.com} or the name of an MCP server
     */
    public record Reach(Sort sort, String value) {}

    /** What can be reached. */
    public enum Sort {
        /** A network with ports. */
        NETWORK,
        /** A domain name, on 443/TCP. */
        DOMAIN,
        /** An MCP server. */
        MCP_SERVER
    }
}
