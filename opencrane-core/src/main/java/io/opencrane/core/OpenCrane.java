package io.opencrane.core;

import io.opencrane.api.budget.BudgetService;
import io.opencrane.api.clustertenant.ClusterTenantService;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.policy.AccessPolicyService;
import io.opencrane.api.projection.ProjectionService;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantService;
import io.opencrane.core.budget.BudgetServices;
import io.opencrane.core.clustertenant.ClusterTenantServices;
import io.opencrane.core.policy.AccessPolicyServices;
import io.opencrane.core.port.Cluster;
import io.opencrane.core.port.ModelGateway;
import io.opencrane.core.port.ModelGateway.GatewayHealth;
import io.opencrane.core.port.Pause;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.projection.ProjectionServices;
import io.opencrane.core.provisioner.Provisioners;
import io.opencrane.core.settings.Settings;
import io.opencrane.core.tenant.TenantServices;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One OpenCrane instance, embedded. Building it calls nothing and starts nothing; it owns no connection and needs no closing: what the
 * host gave to the builder stays the host's. Immutable and thread-safe; one for each instance is enough.
 *
 * <pre>{@code
 * OpenCrane openCrane = OpenCrane.builder()
 *     .cluster(KubernetesCluster.using(client, InstanceScope.namespace("opencrane")))
 *     .projection(PostgresProjection.using(dataSource))
 *     .settings(Settings.fromEnvironment())
 *     .build();
 * openCrane.tenants().create(NewTenant.builder("acme", "ACME Corp", "owner@acme.com").build());
 * }</pre>
 */
public final class OpenCrane {
    private final Cluster cluster;
    private final @Nullable ProjectionStore projection;
    private final @Nullable ModelGateway modelGateway;
    private final Settings settings;
    private final TenantService tenants;
    private final ClusterTenantService clusterTenants;
    private final ProjectionService projections;
    private final BudgetService budgets;
    private final AccessPolicyService policies;
    private final InstantSource clock;

    private OpenCrane(Cluster cluster, Builder builder) {
        this.cluster = cluster;
        projection = builder.projection;
        modelGateway = builder.modelGateway;
        settings = builder.settings;
        clock = builder.clock;
        tenants =
                TenantServices.using(cluster, projection, settings.hosting().provider(), builder.clock, builder.pause);
        clusterTenants = ClusterTenantServices.using(
                cluster,
                tenants,
                builder.provisioners,
                projection,
                settings.hosting().provider(),
                builder.clock,
                builder.pause);
        projections = ProjectionServices.using(cluster, projection);
        budgets = BudgetServices.using(cluster, tenants, modelGateway, projection, settings, clock);
        policies = AccessPolicyServices.using(cluster, tenants, projection, settings, clock);
    }

    /**
     * Starts an instance.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * What a host does with tenants.
     *
     * @return the service
     */
    public TenantService tenants() {
        return tenants;
    }

    /**
     * What a host does with customers. Unless the cluster's scope is the whole cluster, every call is refused with
     * {@code DEPENDENCY_NOT_CONFIGURED}.
     *
     * @return the service
     */
    public ClusterTenantService clusterTenants() {
        return clusterTenants;
    }

    /**
     * What a host does with access policies.
     *
     * @return the service
     */
    public AccessPolicyService policies() {
        return policies;
    }

    /**
     * Drift and repair of the projection. Without one, every call is refused with {@code DEPENDENCY_NOT_CONFIGURED}.
     *
     * @return the service
     */
    public ProjectionService projections() {
        return projections;
    }

    /**
     * Model keys, budgets and spend. What needs the model gateway is refused with {@code DEPENDENCY_NOT_CONFIGURED} without one.
     *
     * @return the service
     */
    public BudgetService budgets() {
        return budgets;
    }

    /**
     * Takes the finalizer {@code opencrane.io/cleanup} off every tenant of a scope, so that an instance can be torn down whose operator
     * is gone. Nothing is cleaned up: children in other namespaces and model keys stay behind. An operator that still runs puts it back.
     *
     * @param scope the namespaces; within this instance's scope
     * @return the tenants that had it
     * @throws OpenCraneException {@code VALIDATION_ERROR} if the scope is wider than this instance's
     */
    public List<TenantId> releaseFinalizers(InstanceScope scope) {
        return TenantServices.releaseFinalizers(cluster, projection, clock, scope);
    }

    /**
     * The settings it was built with.
     *
     * @return the settings
     */
    public Settings settings() {
        return settings;
    }

    /**
     * Asks every configured part, one trivial question each. An outage is an answer, never an exception. Blocking.
     *
     * @return how they are
     */
    public Health health() {
        return new Health(
                answer(() ->
                        cluster.resources().page(Tenant.class, cluster.scope().home(), 1, null)),
                projection == null ? Health.Part.notConfigured() : answer(projection::ping),
                modelGateway == null ? Health.Part.notConfigured() : gateway(modelGateway));
    }

    private static Health.Part gateway(ModelGateway gateway) {
        try {
            GatewayHealth health = gateway.health();
            return health.isReady() ? Health.Part.up() : Health.Part.down(health.message());
        } catch (OpenCraneException e) {
            return Health.Part.down(String.valueOf(e.getMessage()));
        }
    }

    private static Health.Part answer(Runnable question) {
        try {
            question.run();
            return Health.Part.up();
        } catch (OpenCraneException e) {
            return Health.Part.down(String.valueOf(e.getMessage()));
        }
    }

    /** Builds an instance. Not thread-safe. */
    public static final class Builder {
        private @Nullable Cluster cluster;
        private @Nullable ProjectionStore projection;
        private @Nullable ModelGateway modelGateway;
        private Provisioners provisioners = Provisioners.none();
        private Settings settings = Settings.defaults();
        private InstantSource clock = InstantSource.system();
        private Pause pause = Pause.sleeping();

        private Builder() {}

        /**
         * The cluster, required. Its scope is the instance's.
         *
         * @param value for example {@code KubernetesCluster.using(client, scope)}
         * @return this builder
         */
        public Builder cluster(Cluster value) {
            cluster = value;
            return this;
        }

        /**
         * The projection. Without it there are no rows, no audit log and no drift, and lists scan the cluster.
         *
         * @param value for example {@code PostgresProjection.using(dataSource)}
         * @return this builder
         */
        public Builder projection(ProjectionStore value) {
            projection = value;
            return this;
        }

        /**
         * The model gateway.
         *
         * @param value for example {@code LiteLlmGateway.builder(endpoint, masterKey).build()}
         * @return this builder
         */
        public Builder modelGateway(ModelGateway value) {
            modelGateway = value;
            return this;
        }

        /**
         * Who makes customers of tier {@code dedicatedCluster}; by default nobody, so that the tier is {@code TIER_UNAVAILABLE}.
         *
         * @param value for example {@code Provisioners.calledOn(executor).add(provisioner).build()}
         * @return this builder
         */
        public Builder provisioners(Provisioners value) {
            provisioners = value;
            return this;
        }

        /**
         * The settings; by default {@link Settings#defaults()}, and the environment is not read.
         *
         * @param value for example {@link Settings#fromEnvironment()}
         * @return this builder
         */
        public Builder settings(Settings value) {
            settings = value;
            return this;
        }

        /**
         * The clock, for tests; by default the system's.
         *
         * @param value tells the time
         * @return this builder
         */
        public Builder clock(InstantSource value) {
            clock = value;
            return this;
        }

        /**
         * How calls that wait let time pass, for tests; by default they sleep.
         *
         * @param value lets time pass
         * @return this builder
         */
        public Builder pause(Pause value) {
            pause = value;
            return this;
        }

        /**
         * The instance. Nothing is called and nothing is started.
         *
         * @return an instance
         * @throws OpenCraneException {@code DEPENDENCY_NOT_CONFIGURED} if there is no cluster
         */
        public OpenCrane build() {
            if (cluster == null) {
                throw new OpenCraneException(
                        ErrorCode.DEPENDENCY_NOT_CONFIGURED,
                        "cluster",
                        "OpenCrane needs a cluster: call cluster(...), for example with KubernetesCluster.using(client,"
                                + " scope).");
            }
            return new OpenCrane(cluster, this);
        }
    }
}
