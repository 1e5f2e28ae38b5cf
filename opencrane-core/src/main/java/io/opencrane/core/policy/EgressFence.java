package io.opencrane.core.policy;

import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.policy.Destination;
import io.opencrane.api.policy.EgressDecision;
import io.opencrane.api.policy.EgressRule.Protocol;
import io.opencrane.core.network.Cidr;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant is under: the baseline, and what its policy comes to. {@link #decide} answers as the rendered network objects act, which
 * only ever add up: what any of them opens is open, whatever a deny of names says. Pure, immutable.
 *
 * <p>What is not known here: the addresses of pods, so the control plane is known by the names of its services only, those of the cluster's
 * domain {@code cluster.local} included (another domain's could be anybody's: ask by {@code service.namespace}), and a tenant's service in
 * the control plane's namespace is taken for one of them, although it is closed; and the network objects that other people make, which may
 * open more.
 *
 * @param baseline what is open to every tenant
 * @param policy the name of the policy in force; null for none
 * @param plan what it comes to; {@link EgressPlan#NONE} for none
 * @param enforcesNames whether domain names are put into force, which takes Cilium
 */
public record EgressFence(EgressBaseline baseline, @Nullable String policy, EgressPlan plan, boolean enforcesNames) {
    private static final int LAST_PORT = 65535;

    /** Refuses a plan of no policy. */
    public EgressFence {
        if (policy == null && !plan.equals(EgressPlan.NONE)) {
            throw new IllegalArgumentException("Only a policy has a plan.");
        }
    }

    /**
     * Tells whether a destination is reached, and the rule that decides it. DNS is open to every destination; a network of the baseline or
     * of the policy opens the addresses in it but for the metadata addresses; an allowed name opens the name on 443/TCP if names are put
     * into force.
     *
     * <p>For a name without an address the answer is {@code DEPENDS_ON_ADDRESS} if nothing opens the name but some network is open on the
     * port. For an address without a name, an allowed name that resolves to it is not regarded; the message says so.
     *
     * @param destination where to
     * @param port 1 to 65535
     * @param protocol the transport protocol
     * @return the decision
     * @throws ValidationException if the port or the address is none
     */
    public EgressDecision decide(Destination destination, int port, Protocol protocol) {
        List<Problem> problems = new ArrayList<>();
        if (port < 1 || port > LAST_PORT) {
            problems.add(new Problem("port", Problem.Code.OUT_OF_RANGE, "Write a port from 1 to " + LAST_PORT + "."));
        }
        String text = destination.address();
        Cidr address = text == null ? null : Cidr.address(text).orElse(null);
        if (text != null && address == null) {
            problems.add(new Problem(
                    "destination.address",
                    Problem.Code.MALFORMED,
                    "Write an IPv4 or IPv6 address, for example 10.0.0.7."));
        }
        if (!problems.isEmpty()) {
            throw new ValidationException("destination", problems);
        }
        return new EgressQuestion(this, destination.name(), address, port, protocol).answer();
    }
}
