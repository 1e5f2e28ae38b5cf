package io.opencrane.k8s.reconcile;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.api.tenant.TenantStatus;
import io.opencrane.core.budget.ModelKeyLifecycle;
import io.opencrane.core.port.ModelGateway;
import io.opencrane.core.port.RuntimeEntitlements;
import io.opencrane.core.settings.HostingProvider;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.apply.Applier;
import io.opencrane.k8s.blueprint.NetworkFence;
import io.opencrane.k8s.object.ObjectReader;
import io.opencrane.k8s.reconcile.Children.Effect;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings tenants to what their custom resources say, one call a tenant, on prem (contract §3, §4). Every call may be cut off after any
 * outside call and made again; an unchanged tenant costs no write (invariants 2 and 5).
 *
 * <p>No thread, no loop, no cache of its own: call it from java-operator-sdk, Quarkus, Spring or a {@code main}. Thread-safe; two calls for the same
 * tenant at once end in the same state.
 */
public final class TenantReconciler {
    private final KubernetesCluster cluster;
    private final InstantSource clock;
    private final Context cached;
    private final Context uncached;
    private final TenantDeletion deletion;
    private final Fences fences;

    private TenantReconciler(Builder builder) {
        cluster = builder.cluster;
        clock = builder.clock;
        ModelGateway gateway = builder.settings.modelGateway().enabled() ? builder.modelGateway : null;
        ModelKeyLifecycle keys = gateway == null ? null : new ModelKeyLifecycle(gateway, clock);
        Applier applier = new Applier(cluster.objects(), clock);
        cached = context(builder, builder.reader, applier, keys);
        uncached = context(builder, ObjectReader.of(cluster.objects()), applier, keys);
        deletion = new TenantDeletion(uncached, clock);
        fences = new Fences(
                Objects.requireNonNullElseGet(builder.fence, () -> NetworkFence.of(builder.settings)),
                cluster.scope().home(),
                builder.isCached,
                clock);
    }

    private static Context context(
            Builder builder, ObjectReader reader, Applier applier, @Nullable ModelKeyLifecycle keys) {
        return Context.of(builder.cluster, builder.settings, reader, builder.reader, applier, builder.parents)
                .with(keys, builder.entitlements, builder.stateMover);
    }

    /**
     * Starts with what every reconciler needs.
     *
     * @param cluster the home cluster and the scope, and how customers' own clusters are reached
     * @param settings the instance's settings
     * @return a builder
     */
    public static Builder builder(KubernetesCluster cluster, Settings settings) {
        return new Builder(cluster, settings);
    }

    /**
     * Reconciles a tenant by name.
     *
     * @param id the tenant
     * @return what was done, or empty if there is no such tenant
     * @throws OpenCraneException as {@link #reconcile(Tenant)}
     */
    public Optional<ReconcileResult> reconcile(TenantId id) {
        return find(id).map(this::reconcile);
    }

    /**
     * Says what a reconcile of a tenant would do, and writes nothing.
     *
     * @param id the tenant
     * @return the plan, or empty if there is no such tenant
     * @throws OpenCraneException as {@link #plan(Tenant)}
     */
    public Optional<TenantPlan> plan(TenantId id) {
        return find(id).map(this::plan);
    }

    private Optional<Tenant> find(TenantId id) {
        cluster.scope().require(id.namespace());
        return cached.resources().find(Tenant.class, id.namespace(), id.name());
    }

    /**
     * Says what a reconcile of a tenant would do, and writes nothing: neither to the cluster nor to the model gateway.
     *
     * @param tenant the tenant as read
     * @return for each child what would become of it, field by field; for a tenant that is being deleted what its cleaning up would prune
     * @throws OpenCraneException if the cluster cannot be reached
     */
    public TenantPlan plan(Tenant tenant) {
        cluster.scope().require(tenant.metadata().namespace());
        if (tenant.metadata().isBeingDeleted()) {
            return new TenantPlan(tenant.id(), deletion.changes(tenant, Effect.PLAN), null, null);
        }
        try (Sites sites = new Sites(contextFor(tenant))) {
            return plan(new TenantRun(sites, fences, tenant, draft(tenant), Effect.PLAN), tenant);
        }
    }

    private static TenantPlan plan(TenantRun run, Tenant tenant) {
        try {
            run.execute();
            return new TenantPlan(tenant.id(), run.changes(), null, null);
        } catch (Stop stop) {
            return new TenantPlan(tenant.id(), run.changes(), stop.reason, stop.sentence());
        } catch (OpenCraneException e) {
            if (Stop.cannotExplain(e)) {
                throw e;
            }
            return new TenantPlan(tenant.id(), run.changes(), e.code().name(), String.valueOf(e.getMessage()));
        }
    }

    /**
     * Reconciles a tenant; one that is being deleted is cleaned up. What the tenant's owner must mend ends in its status as phase Error,
     * not in an exception.
     *
     * @param tenant the tenant as read, at most as old as an informer's cache
     * @return what was done
     * @throws OpenCraneException if a cluster cannot be reached, home or the tenant's own, or the tenant changed meanwhile; call again
     */
    public ReconcileResult reconcile(Tenant tenant) {
        cluster.scope().require(tenant.metadata().namespace());
        return tenant.metadata().isBeingDeleted() ? cleanup(tenant) : LostRace.mayPass(() -> reconcileLiving(tenant));
    }

    private ReconcileResult reconcileLiving(Tenant tenant) {
        try (Sites sites = new Sites(contextFor(tenant))) {
            return reconcileLiving(sites, tenant);
        }
    }

    private ReconcileResult reconcileLiving(Sites sites, Tenant tenant) {
        StatusDraft draft = draft(tenant);
        TenantRun run = new TenantRun(sites, fences, tenant, draft, Effect.APPLY);
        TenantStatus status;
        Duration requeueAfter;
        try {
            run.execute();
            status = run.finish();
            requeueAfter = run.requeueAfter();
        } catch (Stop stop) {
            status = draft.finish(stop.phase, stop.reason, stop.sentence());
            requeueAfter = stop.requeueAfter;
        } catch (OpenCraneException e) {
            if (Stop.cannotExplain(e)) {
                throw e;
            }
            String sentence = String.valueOf(e.getMessage());
            draft.fails(run.step(), e.code().name(), sentence);
            boolean passes = e.code() == ErrorCode.BEING_DELETED; // the namespace is on its way out (DECISIONS 20)
            status = draft.finish(
                    passes ? TenantPhase.PENDING : TenantPhase.ERROR, e.code().name(), sentence);
            requeueAfter = passes || run.isAway() ? Stop.WAITS : Stop.NEEDS_SOMEBODY; // nothing tells of a change away
        }
        Tenant current = run.tenant();
        try {
            Tenant after = sites.home().resources().patchStatus(current, current.withStatus(status));
            return new ReconcileResult(after, run.changes(), run.modelKey(), requeueAfter);
        } catch (OpenCraneException e) {
            if (e.code() == ErrorCode.TENANT_NOT_FOUND) {
                // It went while its children were made.
                return new ReconcileResult(current, deletion.changes(current, Effect.APPLY), null, null);
            }
            throw e;
        }
    }

    /**
     * Removes the children of a tenant that is being deleted, where they are, and its model keys; keeps its state volume and encryption
     * key unless the purge was asked for; then lets the custom resource go (contract §4).
     *
     * @param tenant the tenant as read
     * @return what was done, which is nothing if the server says that it is gone already; while the model gateway or the customer's own
     *     cluster cannot be asked, the tenant stays and says so
     * @throws OpenCraneException if the home cluster cannot be reached; {@code CONFLICT} if the tenant is not being deleted
     */
    public ReconcileResult cleanup(Tenant tenant) {
        cluster.scope().require(tenant.metadata().namespace());
        if (!tenant.metadata().isBeingDeleted()) {
            throw new OpenCraneException(
                    ErrorCode.CONFLICT,
                    tenant.key().toString(),
                    "It is not being deleted; delete it first, then clean up.");
        }
        return LostRace.mayPass(() -> deletion.cleanUp(tenant));
    }

    private StatusDraft draft(Tenant tenant) {
        return new StatusDraft(tenant.status(), tenant.metadata().generation(), clock);
    }

    /** Somebody who asks for a reconcile believes no cache (DECISIONS 22). */
    private Context contextFor(Tenant tenant) {
        return ReconcileAt.isAsked(tenant) ? uncached : cached;
    }

    /** Builds a reconciler. */
    public static final class Builder {
        private final KubernetesCluster cluster;
        private final Settings settings;
        private @Nullable ModelGateway modelGateway;
        private @Nullable ParentLookup parents;
        private @Nullable StateMover stateMover;
        private RuntimeEntitlements entitlements = RuntimeEntitlements.NONE;
        private ObjectReader reader;
        private boolean isCached;
        private @Nullable NetworkFence fence;
        private InstantSource clock = InstantSource.system();

        private Builder(KubernetesCluster cluster, Settings settings) {
            this.cluster = cluster;
            this.settings = settings;
            this.reader = ObjectReader.of(cluster.objects());
        }

        /**
         * How objects are read; by default by a request each. With caches an unchanged tenant costs no request at all.
         *
         * @param value for example an {@code InformerCache}
         * @return this builder
         */
        public Builder reader(ObjectReader value) {
            reader = value;
            isCached = true;
            return this;
        }

        /**
         * What is in force for every tenant's pod whatever its policy says; by default {@link NetworkFence#of} the settings. It is there
         * before a pod starts.
         *
         * @param value the fence, for example with the ingress controller in another namespace
         * @return this builder
         */
        public Builder networkFence(NetworkFence value) {
            fence = value;
            return this;
        }

        /**
         * What assistants may use beyond what their tenants say; by default nothing.
         *
         * @param value asked once a reconcile
         * @return this builder
         */
        public Builder entitlements(RuntimeEntitlements value) {
            entitlements = value;
            return this;
        }

        /**
         * The gateway that sells model calls; needed when {@code LITELLM_ENABLED}.
         *
         * @param value the gateway
         * @return this builder
         */
        public Builder modelGateway(ModelGateway value) {
            modelGateway = value;
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
         * Lets tenants move to another customer, or between clusters, with their state; without one such a move is refused.
         *
         * @param value copies state
         * @return this builder
         */
        public Builder stateMover(StateMover value) {
            stateMover = value;
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
         * @throws OpenCraneException {@code DEPENDENCY_NOT_CONFIGURED} if LiteLLM is enabled and no gateway is given, or
         *     {@code HOSTING_PROVIDER} is not {@code onprem}
         */
        public TenantReconciler build() {
            if (settings.modelGateway().enabled() && modelGateway == null) {
                throw new OpenCraneException(
                        ErrorCode.DEPENDENCY_NOT_CONFIGURED,
                        "TenantReconciler",
                        "LITELLM_ENABLED is true and no model gateway is given; call modelGateway(...).");
            }
            if (settings.hosting().provider() != HostingProvider.ONPREM) {
                throw new OpenCraneException(
                        ErrorCode.DEPENDENCY_NOT_CONFIGURED,
                        "TenantReconciler",
                        "It keeps state on volumes of the cluster (HOSTING_PROVIDER=onprem) and on nothing else.");
            }
            return new TenantReconciler(this);
        }
    }
}
