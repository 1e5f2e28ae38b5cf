package io.opencrane.k8s.reconcile;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.apply.Applier;
import io.opencrane.k8s.object.ObjectReader;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings the network to what access policies say, one call a policy: in every namespace where tenants run that are under it, in whatever
 * cluster, one NetworkPolicy that selects exactly them, and for domain names a CiliumNetworkPolicy where {@code cilium.io/v2} is served
 * (contract §4, DECISIONS 29, 30). Where a rule, a tenant or the policy goes, what it made goes. Every call may be cut off after any
 * outside call and made again; a policy that is as it should be costs no write (invariants 2 and 5).
 *
 * <p>Call it when the policy changes, and when a tenant comes, goes or gets another policy or place; {@code InformerCache} tells. No
 * thread, no loop, no cache of its own. Thread-safe; but make one call at a time for a policy, as work queues do: of two, the one that read
 * its tenants first may write last, and without a cache nobody is told. CiliumNetworkPolicies are never read from a cache, because nobody
 * can watch what may not be served; so {@code list} on {@code ciliumnetworkpolicies} is needed also where there is no Cilium, to be told
 * so.
 */
public final class AccessPolicyReconciler {
    private final KubernetesCluster cluster;
    private final InstantSource clock;
    private final Context cached;
    private final PolicyDeletion deletion;

    private AccessPolicyReconciler(Builder builder) {
        cluster = builder.cluster;
        clock = builder.clock;
        Applier applier = new Applier(cluster.objects(), clock);
        cached = context(builder, builder.reader, applier);
        deletion = new PolicyDeletion(context(builder, ObjectReader.of(cluster.objects()), applier), clock);
    }

    private static Context context(Builder builder, ObjectReader reader, Applier applier) {
        return Context.of(builder.cluster, builder.settings, reader, builder.reader, applier, builder.parents);
    }

    /**
     * Starts with what every reconciler of policies needs.
     *
     * @param cluster the home cluster and the scope, and how customers' own clusters are reached
     * @param settings the instance's settings, of which it needs the default policy
     * @return a builder
     */
    public static Builder builder(KubernetesCluster cluster, Settings settings) {
        return new Builder(cluster, settings);
    }

    /**
     * Reconciles a policy by name. If there is none any more, what one of that name left goes, except from tenants that keep it because
     * nothing else resolves for them.
     *
     * @param id the policy
     * @return what was done
     * @throws OpenCraneException as {@link #reconcile(AccessPolicy)}; and of a policy that is gone also if a customer's own cluster, in
     *     which something may be left, cannot be reached, after all others are cleared up
     */
    public AccessPolicyResult reconcile(AccessPolicyId id) {
        cluster.scope().require(id.namespace());
        Optional<AccessPolicy> found = cached.resources().find(AccessPolicy.class, id.namespace(), id.name());
        return found.isPresent() ? reconcile(found.get()) : LostRace.mayPass(() -> deletion.clearUp(id));
    }

    /**
     * Reconciles a policy; one that is being deleted is cleaned up. What somebody must mend, and what goes wrong in one place, ends in its
     * conditions, not in an exception: {@code Accepted}, {@code NetworkApplied}, {@code DomainsEnforced}, and {@code Ready} over all of
     * them.
     *
     * @param policy the policy as read, at most as old as an informer's cache
     * @return what was done
     * @throws OpenCraneException if the home cluster cannot be reached or the policy changed meanwhile; call again
     */
    public AccessPolicyResult reconcile(AccessPolicy policy) {
        cluster.scope().require(policy.metadata().namespace());
        return policy.metadata().isBeingDeleted() ? cleanup(policy) : LostRace.mayPass(() -> reconcileLiving(policy));
    }

    private AccessPolicyResult reconcileLiving(AccessPolicy policy) {
        try (Sites sites = new Sites(cached)) {
            PolicyDraft draft =
                    new PolicyDraft(policy.status(), policy.metadata().generation(), clock);
            PolicyRun run = new PolicyRun(sites, policy, draft, clock);
            run.execute();
            AccessPolicy current = run.policy();
            AccessPolicy after = cached.resources().patchStatus(current, current.withStatus(run.finish()));
            return new AccessPolicyResult(after, run.changes(), run.requeueAfter());
        }
    }

    /**
     * Removes what a policy that is being deleted made, and lets its custom resource go. While tenants run under it for which nothing else
     * resolves, it stays in force for them and says so (DECISIONS 29).
     *
     * @param policy the policy as read
     * @return what was done, which is nothing if the server says that it is gone already
     * @throws OpenCraneException if the home cluster cannot be reached; {@code CONFLICT} if the policy is not being deleted
     */
    public AccessPolicyResult cleanup(AccessPolicy policy) {
        cluster.scope().require(policy.metadata().namespace());
        if (!policy.metadata().isBeingDeleted()) {
            throw new OpenCraneException(
                    ErrorCode.CONFLICT,
                    policy.key().toString(),
                    "It is not being deleted; delete it first, then clean up.");
        }
        return LostRace.mayPass(() -> deletion.cleanUp(policy));
    }

    /** Builds a reconciler. Not thread-safe. */
    public static final class Builder {
        private final KubernetesCluster cluster;
        private final Settings settings;
        private ObjectReader reader;
        private @Nullable ParentLookup parents;
        private InstantSource clock = InstantSource.system();

        private Builder(KubernetesCluster cluster, Settings settings) {
            this.cluster = cluster;
            this.settings = settings;
            this.reader = ObjectReader.of(cluster.objects());
        }

        /**
         * How objects of the home cluster are read; by default by a request each.
         *
         * @param value for example an {@code InformerCache}
         * @return this builder
         */
        public Builder reader(ObjectReader value) {
            reader = value;
            return this;
        }

        /**
         * Another way to find customers than {@link ParentLookup#byWhatMayBeRead}.
         *
         * @param value the lookup
         * @return this builder
         */
        public Builder parentLookup(ParentLookup value) {
            parents = value;
            return this;
        }

        /**
         * Another clock, for tests.
         *
         * @param value the clock
         * @return this builder
         */
        public Builder clock(InstantSource value) {
            clock = value;
            return this;
        }

        /**
         * The reconciler. Makes no request.
         *
         * @return a reconciler
         */
        public AccessPolicyReconciler build() {
            return new AccessPolicyReconciler(this);
        }
    }
}
