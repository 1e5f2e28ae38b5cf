package io.opencrane.core.tenant;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.Problem;
import io.opencrane.api.resource.Page;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.PurgeOutcome;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantChange;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPatch;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.api.tenant.TenantQuery;
import io.opencrane.api.tenant.TenantService;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.api.tenant.TenantStatus;
import io.opencrane.api.tenant.TenantSummary;
import io.opencrane.core.audit.RowsBehind;
import io.opencrane.core.port.Cluster;
import io.opencrane.core.port.Pause;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.port.TenantRow;
import io.opencrane.core.resource.PhaseWait;
import io.opencrane.core.resource.ResourceChanges;
import io.opencrane.core.settings.HostingProvider;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Custom resource first, row and audit entry second (invariant 1). Holds no state of its own. */
final class DefaultTenantService implements TenantService {
    static final String RECONCILE_AT = "opencrane.io/reconcile-at";

    private final Cluster cluster;
    private final HostingProvider hosting;
    private final InstantSource clock;
    private final ResourceChanges<Tenant> changes;
    private final TenantListing listing;
    private final RowsBehind<Tenant, TenantId, TenantRow> rows;
    private final PhaseWait<Tenant> waits;

    DefaultTenantService(
            Cluster cluster,
            @Nullable ProjectionStore projection,
            HostingProvider hosting,
            InstantSource clock,
            Pause pause) {
        this.cluster = cluster;
        this.hosting = hosting;
        this.clock = clock;
        changes = new ResourceChanges<>(
                cluster.resources(),
                Tenant.class,
                "tenant",
                ErrorCode.TENANT_NOT_FOUND,
                (a, b) -> SpecComparison.isSame(a.spec(), b.spec()));
        listing = new TenantListing(cluster, projection, clock);
        rows = TenantRows.of(projection, clock);
        waits = new PhaseWait<>(clock, pause, DefaultTenantService::standing);
    }

    private static PhaseWait.Standing standing(Tenant tenant) {
        TenantStatus status = tenant.status();
        return new PhaseWait.Standing(status.phase(), status.message(), status.observedGeneration());
    }

    @Override
    public TenantChange create(NewTenant tenant) {
        String namespace =
                Objects.requireNonNullElse(tenant.namespace(), cluster.scope().home());
        List<Problem> problems = new ArrayList<>(TenantValidation.problems(tenant, hosting));
        if (!cluster.scope().contains(namespace)) {
            problems.add(new Problem(
                    "namespace", Problem.Code.UNKNOWN, "It is outside this instance's scope " + cluster.scope() + "."));
        }
        Findings.refuse("new Tenant", problems);
        ResourceMetadata metadata = ResourceMetadata.of(namespace, tenant.name())
                .withAnnotations(ResourceChanges.requested(tenant.createRequest()));
        Tenant stored = changes.createOrFind(new Tenant(metadata, tenant.spec(), TenantStatus.empty()));
        return changed(stored, "tenant.create", "created");
    }

    @Override
    public Tenant get(TenantId id) {
        cluster.scope().require(id.namespace());
        return changes.get(id.key());
    }

    @Override
    public Optional<Tenant> find(TenantId id) {
        cluster.scope().require(id.namespace());
        return changes.find(id.key());
    }

    @Override
    public Page<TenantSummary> list(TenantQuery query) {
        return listing.page(query);
    }

    @Override
    public TenantChange update(TenantId id, TenantPatch patch) {
        cluster.scope().require(id.namespace());
        Tenant stored = changes.change(id.key(), patch.expectedVersion().orElse(null), current -> {
            TenantSpec spec = patch.applyTo(current.spec());
            Findings.refuse(id.key().toString(), TenantValidation.problems(spec));
            return current.withSpec(spec);
        });
        return changed(stored, "tenant.update", "updated");
    }

    @Override
    public TenantChange suspend(TenantId id) {
        return setSuspended(id, true, "tenant.suspend", "suspended");
    }

    @Override
    public TenantChange resume(TenantId id) {
        return setSuspended(id, false, "tenant.resume", "resumed");
    }

    /** Not validated: a tenant that was made invalid with kubectl can still be put to sleep. */
    private TenantChange setSuspended(TenantId id, boolean suspended, String action, String done) {
        return change(
                id, action, done, current -> current.withSpec(current.spec().withSuspended(suspended)));
    }

    @Override
    public TenantChange pinVersion(TenantId id, String version) {
        Findings.refuse(id.key().toString(), TenantValidation.versionProblems(version));
        return change(
                id,
                "tenant.pin-version",
                "pinned to version " + version,
                current -> current.withSpec(
                        current.spec().toBuilder().openclawVersion(version).build()));
    }

    @Override
    public TenantChange rollBack(TenantId id) {
        return change(id, "tenant.roll-back", "rolled back", current -> {
            String good = current.status().lastRunningVersion();
            if (good == null || good.equals(current.spec().openclawVersion())) {
                throw new OpenCraneException(
                        ErrorCode.CONFLICT,
                        id.key().toString(),
                        good == null
                                ? "No version of it ever ran; pin the one you want."
                                : "Version " + good + " is the one that ran last; pin the one you want.");
            }
            return current.withSpec(
                    current.spec().toBuilder().openclawVersion(good).build());
        });
    }

    @Override
    public Tenant awaitPhase(TenantId id, TenantPhase phase, Duration deadline) {
        cluster.scope().require(id.namespace());
        return waits.until(id.key(), phase, deadline, () -> changes.get(id.key()));
    }

    @Override
    public void awaitDeleted(TenantId id, Duration deadline) {
        cluster.scope().require(id.namespace());
        waits.untilGone(id.key(), deadline, () -> changes.find(id.key()));
    }

    @Override
    public PurgeOutcome purge(TenantId id, String typedName) {
        cluster.scope().require(id.namespace());
        return new StatePurge(cluster, rows).purge(id, typedName);
    }

    @Override
    public int restart(TenantId id) {
        Tenant tenant = get(id);
        int deleted = cluster.deletePods(tenant);
        rows.wrote(tenant, "tenant.restart", "restarted", Map.of("deletedPods", deleted));
        return deleted;
    }

    @Override
    public TenantChange requestReconcile(TenantId id) {
        return change(id, "tenant.reconcile", "asked to reconcile", this::withFreshReconcileAt);
    }

    /** Only a value that was neither asked for nor honoured before has an effect, so two requests in one second need two values. */
    private Tenant withFreshReconcileAt(Tenant current) {
        Map<String, String> annotations = new LinkedHashMap<>(current.metadata().annotations());
        long second = clock.instant().getEpochSecond();
        while (Long.toString(second).equals(annotations.get(RECONCILE_AT))
                || Long.toString(second).equals(current.status().observedReconcileAt())) {
            second++;
        }
        annotations.put(RECONCILE_AT, Long.toString(second));
        return current.withMetadata(current.metadata().withAnnotations(annotations));
    }

    @Override
    public TenantChange delete(TenantId id) {
        cluster.scope().require(id.namespace());
        Optional<Tenant> found = changes.find(id.key());
        if (found.isEmpty()) {
            rows.removeLeftBehind(id, id.key(), "tenant.delete", () -> changes.find(id.key()));
            throw changes.notFound(id.key());
        }
        Tenant tenant = found.get();
        if (!tenant.metadata().isBeingDeleted()) {
            cluster.resources().delete(tenant);
        }
        return new TenantChange(tenant, rows.removed(tenant, "tenant.delete"));
    }

    private TenantChange change(TenantId id, String action, String done, UnaryOperator<Tenant> edit) {
        cluster.scope().require(id.namespace());
        return changed(changes.change(id.key(), null, edit), action, done);
    }

    private TenantChange changed(Tenant stored, String action, String done) {
        Map<String, String> version =
                Map.of("resourceVersion", stored.metadata().resourceVersion());
        return new TenantChange(stored, rows.wrote(stored, action, done, version));
    }
}
