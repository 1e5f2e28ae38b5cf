package io.opencrane.core.clustertenant;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantChange;
import io.opencrane.api.clustertenant.ClusterTenantDeletion;
import io.opencrane.api.clustertenant.ClusterTenantOverview;
import io.opencrane.api.clustertenant.ClusterTenantPatch;
import io.opencrane.api.clustertenant.ClusterTenantPhase;
import io.opencrane.api.clustertenant.ClusterTenantQuery;
import io.opencrane.api.clustertenant.ClusterTenantService;
import io.opencrane.api.clustertenant.ClusterTenantSpec;
import io.opencrane.api.clustertenant.ClusterTenantStatus;
import io.opencrane.api.clustertenant.ClusterTenantSummary;
import io.opencrane.api.clustertenant.NewClusterTenant;
import io.opencrane.api.clustertenant.Quota;
import io.opencrane.api.clustertenant.QuotaUse;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.Problem;
import io.opencrane.api.resource.Page;
import io.opencrane.api.resource.ResourceKey;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantService;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.core.audit.AfterChange;
import io.opencrane.core.port.Cluster;
import io.opencrane.core.port.Pause;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.provisioner.Provisioners;
import io.opencrane.core.resource.PhaseWait;
import io.opencrane.core.resource.ResourceChanges;
import io.opencrane.core.settings.HostingProvider;
import io.opencrane.core.tenant.Findings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Custom resource first, audit entry second (invariant 1). Holds no state of its own. */
final class DefaultClusterTenantService implements ClusterTenantService {
    private final Cluster cluster;
    private final Provisioners provisioners;
    private final HostingProvider hosting;
    private final ResourceChanges<ClusterTenant> changes;
    private final ClusterTenantListing listing;
    private final ClusterTenantProjection projected;
    private final ClusterTenantRemoval removal;
    private final PhaseWait<ClusterTenant> waits;

    DefaultClusterTenantService(
            Cluster cluster,
            TenantService tenants,
            Provisioners provisioners,
            @Nullable ProjectionStore projection,
            HostingProvider hosting,
            InstantSource clock,
            Pause pause) {
        this.cluster = cluster;
        this.provisioners = provisioners;
        this.hosting = hosting;
        changes = new ResourceChanges<>(
                cluster.resources(),
                ClusterTenant.class,
                "customer",
                ErrorCode.CLUSTER_TENANT_NOT_FOUND,
                (a, b) -> comparable(a.spec()).equals(comparable(b.spec())));
        listing = new ClusterTenantListing(cluster.resources(), clock);
        projected = new ClusterTenantProjection(new AfterChange(projection, clock));
        removal = new ClusterTenantRemoval(cluster.resources(), changes, tenants, projected);
        waits = new PhaseWait<>(clock, pause, DefaultClusterTenantService::standing);
    }

    /** The model fills in the server's defaults itself; what is left is that an empty domain is none. */
    private static ClusterTenantSpec comparable(ClusterTenantSpec spec) {
        return "".equals(spec.baseDomain()) ? spec.toBuilder().baseDomain(null).build() : spec;
    }

    private static PhaseWait.Standing standing(ClusterTenant customer) {
        ClusterTenantStatus status = customer.status();
        return new PhaseWait.Standing(status.phase(), status.message(), status.observedGeneration());
    }

    @Override
    public ClusterTenantChange create(NewClusterTenant customer) {
        requireWholeCluster();
        Findings.refuse("new ClusterTenant", ClusterTenantValidation.problems(customer));
        provisioners.requireAvailable(customer.spec().isolationTier());
        ClusterTenant stored = changes.createOrFind(new ClusterTenant(
                ResourceMetadata.of("", customer.name())
                        .withAnnotations(ResourceChanges.requested(customer.createRequest())),
                customer.spec(),
                ClusterTenantStatus.empty()));
        return changed(stored, "cluster-tenant.create", "created");
    }

    @Override
    public ClusterTenant get(String name) {
        return changes.get(key(name));
    }

    @Override
    public Optional<ClusterTenant> find(String name) {
        return changes.find(key(name));
    }

    @Override
    public Page<ClusterTenantSummary> list(ClusterTenantQuery query) {
        requireWholeCluster();
        return listing.page(query);
    }

    @Override
    public ClusterTenantChange update(String name, ClusterTenantPatch patch) {
        ClusterTenant stored =
                changes.change(key(name), patch.expectedVersion().orElse(null), current -> changed(current, patch));
        return changed(stored, "cluster-tenant.update", "updated");
    }

    private ClusterTenant changed(ClusterTenant current, ClusterTenantPatch patch) {
        ClusterTenantSpec before = current.spec();
        ClusterTenantSpec after = patch.applyTo(before);
        List<Problem> problems = new ArrayList<>(ClusterTenantValidation.problems(after));
        Quota quotaBefore = before.resources().quota();
        Quota quotaAfter = after.resources().quota();
        if (QuotaFit.isLowered(quotaBefore, quotaAfter)) {
            problems.addAll(QuotaFit.problems(demand(current), quotaBefore, quotaAfter));
        }
        Findings.refuse(current.key().toString(), problems);
        if (before.isolationTier() != after.isolationTier()) {
            TierChange.require(
                    current.metadata().name(), before.isolationTier(), after.isolationTier(), current.status());
            provisioners.requireAvailable(after.isolationTier());
        }
        return current.withSpec(after);
    }

    @Override
    public ClusterTenantOverview status(String name) {
        ClusterTenant customer = get(name);
        List<TenantId> attached = new ArrayList<>();
        TenantDemand asked = demand(customer, attached);
        return new ClusterTenantOverview(
                customer,
                attached,
                QuotaFit.of(asked, customer.spec().resources().quota()));
    }

    @Override
    public List<QuotaUse> quotaFit(String name, List<TenantSpec> further) {
        ClusterTenant customer = get(name);
        TenantDemand asked = further.stream()
                .map(spec -> TenantDemand.of(spec, hosting))
                .reduce(demand(customer), TenantDemand::plus);
        return QuotaFit.of(asked, customer.spec().resources().quota());
    }

    @Override
    public List<QuotaUse> quotaFit(String name, Quota other) {
        return QuotaFit.of(demand(get(name)), other);
    }

    private TenantDemand demand(ClusterTenant customer) {
        return demand(customer, new ArrayList<>());
    }

    /** Sums up while reading, so that no more than the names is held of however many tenants. */
    private TenantDemand demand(ClusterTenant customer, List<TenantId> attached) {
        TenantDemand[] sum = {TenantDemand.NOTHING};
        AttachedTenants.forEach(cluster.resources(), customer, tenant -> {
            attached.add(tenant.id());
            sum[0] = sum[0].plus(TenantDemand.of(tenant.spec(), hosting));
        });
        return sum[0];
    }

    @Override
    public ClusterTenant awaitPhase(String name, ClusterTenantPhase phase, Duration deadline) {
        ResourceKey key = key(name);
        return waits.until(key, phase, deadline, () -> changes.get(key));
    }

    @Override
    public void awaitDeleted(String name, Duration deadline) {
        ResourceKey key = key(name);
        waits.untilGone(key, deadline, () -> changes.find(key));
    }

    @Override
    public ClusterTenantChange delete(String name) {
        return delete(name, ClusterTenantDeletion.careful());
    }

    @Override
    public ClusterTenantChange delete(String name, ClusterTenantDeletion how) {
        return removal.delete(key(name), how);
    }

    private ClusterTenantChange changed(ClusterTenant stored, String action, String done) {
        return projected.changed(
                stored,
                action,
                done,
                Map.of("resourceVersion", stored.metadata().resourceVersion()));
    }

    private ResourceKey key(String name) {
        requireWholeCluster();
        return new ResourceKey(ResourceKind.CLUSTER_TENANT, "", Objects.requireNonNull(name, "name"));
    }

    /** A narrower host would not see all that is attached to a customer, and delete what is in use (DECISIONS 11). */
    private void requireWholeCluster() {
        if (!cluster.scope().isWholeCluster()) {
            throw new OpenCraneException(
                    ErrorCode.DEPENDENCY_NOT_CONFIGURED,
                    "ClusterTenants",
                    "Customers concern the whole cluster, and this instance's scope is " + cluster.scope()
                            + "; give its cluster the scope InstanceScope.wholeCluster(home) and a ClusterRole.");
        }
    }
}
