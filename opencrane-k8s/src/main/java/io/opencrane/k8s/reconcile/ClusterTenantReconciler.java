package io.opencrane.k8s.reconcile;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantPhase;
import io.opencrane.api.clustertenant.ClusterTenantStatus;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.core.provisioner.Provisioners;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.apply.Applier;
import io.opencrane.k8s.object.ObjectReader;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.resource.ResourceStores;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Brings customers to what their custom resources say, one call a customer: a namespace with its Pod Security labels, quota, limits and
 * network baseline, in the home cluster or in one of the customer's own (contract §3, §4). Every call may be cut off after any outside call
 * and made again; a customer that is as it should be costs no write (invariants 2 and 5).
 *
 * <p>One per cluster, with a scope of the whole cluster: before a customer goes, the tenants of every namespace are looked at. No thread, no
 * loop, no cache of its own; it remembers when provisioners want to be asked again. Thread-safe; two calls for the same customer at once end in the same state.
 */
public final class ClusterTenantReconciler {
    private final CustomerContext cached;
    private final CustomerDeletion deletion;
    private final InstantSource clock;

    private ClusterTenantReconciler(Builder builder) {
        clock = builder.clock;
        Applier applier = new Applier(builder.cluster.objects(), clock);
        Pacing pacing = new Pacing();
        cached = context(builder, builder.reader, applier, pacing);
        deletion = new CustomerDeletion(context(builder, ObjectReader.of(builder.cluster.objects()), applier, pacing));
    }

    private static CustomerContext context(Builder builder, ObjectReader reader, Applier applier, Pacing pacing) {
        KubernetesCluster cluster = builder.cluster;
        ObjectStore objects = new ReadThrough(cluster.objects(), reader, builder.reader);
        return new CustomerContext(
                ResourceStores.over(objects, cluster.scope()),
                objects,
                cluster.objects(),
                applier.over(objects),
                cluster.customerClusters(),
                builder.provisioners,
                pacing,
                new CustomerRules(builder.baseline, builder.access),
                builder.clock);
    }

    /**
     * Starts with what every reconciler of customers needs.
     *
     * @param cluster the home cluster, with a scope of the whole cluster; for customers with clusters of their own one that
     *     {@linkplain KubernetesCluster#reaching reaches} them
     * @param baseline the network policies of every customer's namespace, for example {@code NetworkBaseline.of(NetworkFence.of(settings))};
     *     whoever fences customers by other means says {@link NetworkBaseline#NONE}
     * @return a builder
     */
    public static Builder builder(KubernetesCluster cluster, NetworkBaseline baseline) {
        return new Builder(cluster, baseline);
    }

    /**
     * Reconciles a customer by name.
     *
     * @param name the customer
     * @return what was done, or empty if there is no such customer
     * @throws OpenCraneException as {@link #reconcile(ClusterTenant)}
     */
    public Optional<ClusterTenantResult> reconcile(String name) {
        return cached.resources().find(ClusterTenant.class, "", name).map(this::reconcile);
    }

    /**
     * Reconciles a customer; one that is being deleted is cleaned up. What somebody must mend, and what a provisioner or a customer's own
     * cluster does wrong, ends in its status, not in an exception.
     *
     * @param customer the customer as read, at most as old as an informer's cache
     * @return what was done
     * @throws OpenCraneException if the home cluster cannot be reached or the customer changed meanwhile; call again
     */
    public ClusterTenantResult reconcile(ClusterTenant customer) {
        return customer.metadata().isBeingDeleted()
                ? cleanup(customer)
                : LostRace.mayPass(() -> reconcileLiving(customer));
    }

    private ClusterTenantResult reconcileLiving(ClusterTenant customer) {
        CustomerDraft draft =
                new CustomerDraft(customer.status(), customer.metadata().generation(), clock);
        CustomerRun run = new CustomerRun(cached, customer, draft);
        ClusterTenantStatus status;
        Duration requeueAfter;
        try {
            run.execute();
            status = draft.ready();
            requeueAfter = run.requeueAfter();
        } catch (Stop stop) {
            status = draft.stopped(phase(stop.phase, run), stop.reason, stop.sentence());
            requeueAfter = stop.requeueAfter;
        } catch (OpenCraneException e) {
            if (Stop.cannotExplain(e)) {
                throw e;
            }
            String sentence = String.valueOf(e.getMessage());
            draft.fails(run.step(), e.code().name(), sentence);
            boolean passes = e.code() == ErrorCode.BEING_DELETED;
            status = draft.stopped(
                    phase(passes ? TenantPhase.PENDING : TenantPhase.ERROR, run),
                    e.code().name(),
                    sentence);
            requeueAfter = passes ? Stop.WAITS : Stop.NEEDS_SOMEBODY;
        }
        ClusterTenant current = run.customer();
        ClusterTenant after = cached.resources().patchStatus(current, current.withStatus(status));
        return new ClusterTenantResult(after, run.changes(), requeueAfter);
    }

    /** A customer that waits for something stays what it was: its tenants go on. */
    private ClusterTenantPhase phase(TenantPhase stopped, CustomerRun run) {
        if (stopped == TenantPhase.ERROR) {
            return ClusterTenantPhase.FAILED;
        }
        ClusterTenantStatus status = run.customer().status();
        if (status.boundNamespace() != null) {
            return ClusterTenantPhase.READY;
        }
        return CustomerRun.isExternal(status, cached.provisioners())
                ? ClusterTenantPhase.PROVISIONING
                : ClusterTenantPhase.PENDING;
    }

    /**
     * Removes what was made for a customer that is being deleted, once no tenant is attached to it; its namespace stays while a state
     * volume or an encryption key is in it, unless the purge was confirmed by name (DECISIONS 26). Then lets the custom resource go.
     *
     * @param customer the customer as read
     * @return what was done, which is nothing if the server says that it is gone already; while tenants are attached, or the provisioner
     *     is at work, the customer stays and says so
     * @throws OpenCraneException if the cluster cannot be reached; {@code CONFLICT} if the customer is not being deleted
     */
    public ClusterTenantResult cleanup(ClusterTenant customer) {
        if (!customer.metadata().isBeingDeleted()) {
            throw new OpenCraneException(
                    ErrorCode.CONFLICT,
                    customer.key().toString(),
                    "It is not being deleted; delete it first, then clean up.");
        }
        return LostRace.mayPass(() -> deletion.cleanUp(customer));
    }

    /** Builds a reconciler. Not thread-safe. */
    public static final class Builder {
        private final KubernetesCluster cluster;
        private final NetworkBaseline baseline;
        private ObjectReader reader;
        private Provisioners provisioners = Provisioners.none();
        private NamespaceAccess access = NamespaceAccess.NONE;
        private InstantSource clock = InstantSource.system();

        private Builder(KubernetesCluster cluster, NetworkBaseline baseline) {
            this.cluster = cluster;
            this.baseline = baseline;
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
         * Who makes customers' own clusters; by default nobody, and tier {@code dedicatedCluster} is refused.
         *
         * @param value the provisioners
         * @return this builder
         */
        public Builder provisioners(Provisioners value) {
            provisioners = value;
            return this;
        }

        /**
         * Who may work in a customer's namespace; by default nobody is granted anything.
         *
         * @param value the grants
         * @return this builder
         */
        public Builder namespaceAccess(NamespaceAccess value) {
            access = value;
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
         * @throws OpenCraneException {@code DEPENDENCY_NOT_CONFIGURED} if the cluster's scope is not the whole cluster
         */
        public ClusterTenantReconciler build() {
            if (!cluster.scope().isWholeCluster()) {
                throw new OpenCraneException(
                        ErrorCode.DEPENDENCY_NOT_CONFIGURED,
                        "ClusterTenantReconciler",
                        "It looks after the customers of a whole cluster; give it a cluster with"
                                + " InstanceScope.wholeCluster(...).");
            }
            return new ClusterTenantReconciler(this);
        }
    }
}
