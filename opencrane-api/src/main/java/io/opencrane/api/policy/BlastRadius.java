package io.opencrane.api.policy;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import io.opencrane.api.resource.Page;
import io.opencrane.api.tenant.PolicyResolutionState;
import io.opencrane.api.tenant.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whom a change of policies would hit, and what they would gain and lose. A policy that is gone and still in force for some counts as one
 * that says nothing, because nobody can tell any more what it said.
 *
 * @param shifts one for each way in which tenants are hit, in the order of their first tenant; empty if nobody is
 * @param source where the tenants were read: the projection where there is one, no selector asks for other labels than name and team,
 *     which are all that rows keep, and for no more than 100 tenants no policy resolves; these are then read from the cluster one by
 *     one. Policies are always read from the cluster
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
     * Whether nobody is hit.
     *
     * @return true if the change can be made without anybody noticing
     */
    @JsonIgnore
    public boolean isEmpty() {
        return shifts.isEmpty();
    }

    /**
     * Tenants to whom the same happens.
     *
     * @param tenants who, in byte order
     * @param before where they stand
     * @param after where they would stand
     * @param gains what they would reach that they do not reach now, by the policies alone: what a tenant's own {@code mcpPolicy} restricts
     *     is not regarded, and names count as if they were put into force
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
