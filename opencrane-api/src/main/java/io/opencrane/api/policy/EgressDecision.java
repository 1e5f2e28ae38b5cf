package io.opencrane.api.policy;

import org.jspecify.annotations.Nullable;

/**
 * Whether a tenant reaches a destination, and the rule that decides it. It is about what OpenCrane puts into force: a network policy that
 * somebody else makes can still allow more.
 *
 * @param verdict whether it does
 * @param rule what decided
 * @param message one sentence for people
 */
public record EgressDecision(Verdict verdict, Rule rule, String message) {
    /** Whether a destination is reached. */
    public enum Verdict {
        /** It is. */
        ALLOWED,
        /** It is not. */
        DENIED,
        /** Some addresses are reached and others are not, and the destination is a name: ask again with its address. */
        DEPENDS_ON_ADDRESS
    }

    /**
     * The rule that decided.
     *
     * @param source whose it is
     * @param policy the policy's name; null unless it is a policy's
     * @param path where it stands: {@code spec.egressRules[3]}, {@code spec.domains.deny[0]}, {@code OPENCRANE_EGRESS_BASELINE[1]},
     *     {@code dns}, {@code controlPlane}, {@code metadataAddresses}; {@code defaultDeny} where no rule allows it
     */
    public record Rule(Source source, @Nullable String policy, String path) {}

    /** Whose a rule is. */
    public enum Source {
        /** What is in force for every tenant. */
        BASELINE,
        /** The policy in force for the tenant. */
        POLICY
    }
}
