package io.opencrane.k8s.reconcile;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.api.tenant.TenantStatus;
import io.opencrane.core.budget.ModelKeyLifecycle;
import io.opencrane.core.port.ModelGateway;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.apply.Applier;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings tenants to what their custom resources say, one call a tenant, on prem (contract §3, §4). Every call may be cut off after any
 * outside call and made again; an unchanged tenant costs no write (invariants 2 and 5).
 *
 * <p>No thread, no loop, no cache: call it from java-operator-sdk, Quarkus, Spring or a {@code main}. Thread-safe; two calls for the same
 * tenant at once end in the same state.
 */
public final class TenantReconciler {
    private final KubernetesCluster cluster;
    private final Settings settings;
    private final InstanceIdentity identity;
    private final @Nullable ModelKeyLifecycle keys;
    private final ParentLookup parents;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    private TenantReconciler(Builder builder) {
        cluster = builder.cluster;
        settings = builder.settings;
        clock = builder.clock;
        identity = new InstanceIdentity(settings, cluster);
        ModelGateway gateway = builder.modelGateway;
        keys = gateway == null ? null : new ModelKeyLifecycle(gateway, clock);
        parents = Objects.requireNonNullElseGet(
                builder.parents, () -> ParentLookup.byCustomResource(cluster.resources()));
    }

    /**
     * Starts with what every reconciler needs.
     *
     * @param cluster the home cluster and the scope
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
     * @return what was done, or empty if the server says there is no such tenant
     * @throws OpenCraneException as {@link #reconcile(Tenant)}
     */
    public Optional<ReconcileResult> reconcile(TenantId id) {
        cluster.scope().require(id.namespace());
        return cluster.resources().find(Tenant.class, id.namespace(), id.name()).map(this::reconcile);
    }

    /**
     * Reconciles a tenant; one that is being deleted is cleaned up. What the tenant's owner must mend ends in its status as phase Error,
     * not in an exception.
     *
     * @param tenant the tenant as read, at most as old as an informer's cache
     * @return what was done
     * @throws OpenCraneException if the cluster cannot be reached or the tenant changed meanwhile; call again
     */
    public ReconcileResult reconcile(Tenant tenant) {
        cluster.scope().require(tenant.metadata().namespace());
        if (tenant.metadata().isBeingDeleted()) {
            return cleanup(tenant);
        }
        Tenant current = cluster.resources().addFinalizer(tenant);
        StatusDraft draft = draft(current);
        TenantRun run = new TenantRun(context(), current, draft);
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
            if (e.isRetryable() || e.code() == ErrorCode.UNAUTHORIZED) {
                throw e; // nothing that a status of this tenant could explain
            }
            String sentence = String.valueOf(e.getMessage());
            draft.fails(run.step(), e.code().name(), sentence);
            status = draft.finish(TenantPhase.ERROR, e.code().name(), sentence);
            requeueAfter = Stop.NEEDS_SOMEBODY;
        }
        Tenant after = cluster.resources().patchStatus(current, current.withStatus(status));
        return new ReconcileResult(after, run.applied(), run.modelKey(), requeueAfter);
    }

    /**
     * Removes the children of a tenant that is being deleted, where they are, and its model keys; keeps its state volume and encryption
     * key; then lets the custom resource go (contract §4).
     *
     * @param tenant the tenant as read
     * @return what was done; while the model gateway cannot be asked, the tenant stays and says so
     * @throws OpenCraneException if the cluster cannot be reached; {@code CONFLICT} if the tenant is not being deleted
     */
    public ReconcileResult cleanup(Tenant tenant) {
        if (!tenant.metadata().isBeingDeleted()) {
            throw new OpenCraneException(
                    ErrorCode.CONFLICT,
                    tenant.key().toString(),
                    "It is not being deleted; delete it first, then clean up.");
        }
        StatusDraft draft = draft(tenant);
        TenantCleanup cleanup = new TenantCleanup(context(), tenant);
        try {
            cleanup.execute();
        } catch (OpenCraneException e) {
            if (!cleanup.isAtGateway()) {
                throw e;
            }
            String sentence = "Deletion waits for the model gateway: " + e.getMessage();
            draft.fails(TenantRun.MODEL_KEY, e.code().name(), sentence);
            TenantStatus status = draft.finish(TenantPhase.PENDING, "DeletionWaits", sentence);
            Tenant after = cluster.resources().patchStatus(tenant, tenant.withStatus(status));
            return new ReconcileResult(after, List.of(), null, Stop.WAITS);
        }
        cluster.resources().removeFinalizer(tenant);
        return new ReconcileResult(tenant, List.of(), null, null);
    }

    private StatusDraft draft(Tenant tenant) {
        return new StatusDraft(tenant.status(), tenant.metadata().generation(), clock);
    }

    private Context context() {
        return new Context(
                cluster.resources(),
                cluster.objects(),
                new Applier(cluster.objects()),
                settings,
                identity,
                settings.modelGateway().enabled() ? keys : null,
                parents,
                random);
    }

    /** Builds a reconciler. */
    public static final class Builder {
        private final KubernetesCluster cluster;
        private final Settings settings;
        private @Nullable ModelGateway modelGateway;
        private @Nullable ParentLookup parents;
        private InstantSource clock = InstantSource.system();

        private Builder(KubernetesCluster cluster, Settings settings) {
            this.cluster = cluster;
            this.settings = settings;
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
         * Another way to find customers than reading ClusterTenants.
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
         * @throws OpenCraneException {@code DEPENDENCY_NOT_CONFIGURED} if LiteLLM is enabled and no gateway is given
         */
        public TenantReconciler build() {
            if (settings.modelGateway().enabled() && modelGateway == null) {
                throw new OpenCraneException(
                        ErrorCode.DEPENDENCY_NOT_CONFIGURED,
                        "TenantReconciler",
                        "LITELLM_ENABLED is true and no model gateway is given; call modelGateway(...).");
            }
            return new TenantReconciler(this);
        }
    }
}
