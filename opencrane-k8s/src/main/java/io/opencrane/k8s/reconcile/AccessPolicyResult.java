package io.opencrane.k8s.reconcile;

import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.k8s.apply.ChildChange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a reconcile of a policy did. Immutable. */
public final class AccessPolicyResult {
    private final @Nullable AccessPolicy policy;
    private final List<ChildChange> changes;
    private final @Nullable Duration requeueAfter;

    AccessPolicyResult(@Nullable AccessPolicy policy, List<ChildChange> changes, @Nullable Duration requeueAfter) {
        this.policy = policy;
        this.changes = List.copyOf(changes);
        this.requeueAfter = requeueAfter;
    }

    /**
     * The policy afterwards, with the status written; for a finished deletion as last seen.
     *
     * @return the policy, or empty if the server says there is none
     */
    public Optional<AccessPolicy> policy() {
        return Optional.ofNullable(policy);
    }

    /**
     * What became of each network object that was looked at.
     *
     * @return the objects, unchanged ones included
     */
    public List<ChildChange> changes() {
        return changes;
    }

    /**
     * When to look again although nothing changed: objects are in a cluster or namespace that nobody watches, domain names are open
     * or wait for Cilium, or something waits for somebody.
     *
     * @return the delay, or empty when the next event is enough
     */
    public Optional<Duration> requeueAfter() {
        return Optional.ofNullable(requeueAfter);
    }

    @Override
    public String toString() {
        return "AccessPolicyResult[" + (policy == null ? "gone" : policy.id()) + ", " + changes + "]";
    }
}
