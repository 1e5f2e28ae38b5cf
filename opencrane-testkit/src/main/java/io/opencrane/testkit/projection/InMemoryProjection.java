package io.opencrane.testkit.projection;

import io.opencrane.api.budget.BudgetAccount;
import io.opencrane.api.budget.ModelKeyMetadata;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.AccessPolicyQuery;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantQuery;
import io.opencrane.core.policy.AccessPolicyRows;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.port.BudgetMark;
import io.opencrane.core.port.PolicyRow;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.port.RowStore;
import io.opencrane.core.port.TenantRow;
import io.opencrane.core.projection.Projectable;
import io.opencrane.core.projection.RowKind;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The projection in memory, for tests. It keeps, orders and refuses what {@code PostgresProjection} does: both pass
 * {@link ProjectionStoreTck}. Thread-safe.
 */
public final class InMemoryProjection implements ProjectionStore {
    /** PostgreSQL's order of {@code COLLATE "C"}; {@link String#compareTo} differs beyond the basic plane. */
    static final Comparator<String> BYTE_ORDER =
            Comparator.comparing((String text) -> text.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final InMemoryRows<TenantId, TenantRow, TenantQuery> tenants;
    private final InMemoryRows<AccessPolicyId, PolicyRow, AccessPolicyQuery> policies;
    private final List<AuditEntry> audits = new ArrayList<>();
    private final Map<TenantId, Map<String, ModelKeyMetadata>> keys = new HashMap<>();
    private final Map<BudgetAccount, BigDecimal> ceilings = new HashMap<>();
    private final Map<TenantId, BudgetMark> budgetMarks = new HashMap<>();

    /**
     * An empty projection.
     *
     * @param clock dates rows and pages
     */
    public InMemoryProjection(InstantSource clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
        Shared shared = new Shared();
        tenants = new InMemoryRows<>(
                RowKind.TENANTS,
                new InMemoryRows.Of<>(
                        InMemoryProjection::matches,
                        InMemoryProjection::writtenAt,
                        tenant -> budgetMarks.remove(tenant)),
                shared);
        policies = new InMemoryRows<>(
                RowKind.POLICIES,
                new InMemoryRows.Of<>(InMemoryProjection::matches, InMemoryProjection::writtenAt, policy -> {}),
                shared);
    }

    @Override
    public RowStore<TenantId, TenantRow, TenantQuery> tenants() {
        return tenants;
    }

    @Override
    public RowStore<AccessPolicyId, PolicyRow, AccessPolicyQuery> policies() {
        return policies;
    }

    private static boolean matches(TenantQuery query, TenantRow row) {
        return query.namespace().map(row.id().namespace()::equals).orElse(true)
                && query.team().map(team -> team.equals(row.team())).orElse(true)
                && query.phase().map(row.phase()::equals).orElse(true)
                && query.clusterTenant()
                        .map(ref -> ref.equals(row.clusterTenantRef()))
                        .orElse(true);
    }

    private static boolean matches(AccessPolicyQuery query, PolicyRow row) {
        return query.namespace().map(row.id().namespace()::equals).orElse(true)
                && AccessPolicyRows.hasText(query, row.id().name(), row.description());
    }

    @Override
    public void recordKey(TenantId tenant, ModelKeyMetadata key, AuditEntry audit) {
        ModelKeyMetadata fitting = Projectable.require(tenant, key);
        AuditEntry entry = Projectable.require(audit);
        locked(() -> {
            audits.add(entry);
            return keys.computeIfAbsent(tenant, any -> new HashMap<>())
                    .merge(fitting.keyAlias(), fitting, InMemoryProjection::newerOf);
        });
    }

    /** Of two keys the later issued; of one key the latest record, but a revocation stays. */
    private static ModelKeyMetadata newerOf(ModelKeyMetadata there, ModelKeyMetadata given) {
        int order = given.issuedAt().compareTo(there.issuedAt());
        if (order != 0) {
            return order > 0 ? given : there;
        }
        return new ModelKeyMetadata(
                given.tenant(),
                given.keyAlias(),
                given.secretName(),
                given.monthlyBudgetUsd(),
                given.issuedAt(),
                there.revokedAt() != null ? there.revokedAt() : given.revokedAt());
    }

    @Override
    public List<ModelKeyMetadata> keys(TenantId tenant) {
        Projectable.require(tenant.key());
        return locked(() -> keys.getOrDefault(tenant, Map.of()).values().stream()
                .sorted(Comparator.comparing(ModelKeyMetadata::issuedAt)
                        .thenComparing(ModelKeyMetadata::keyAlias, BYTE_ORDER)
                        .reversed())
                .toList());
    }

    @Override
    public void setCeiling(BudgetAccount account, @Nullable BigDecimal monthlyUsd, AuditEntry audit) {
        BigDecimal fitting = Projectable.require(account, monthlyUsd);
        AuditEntry entry = Projectable.require(audit);
        locked(() -> {
            audits.add(entry);
            return fitting == null ? ceilings.remove(account) : ceilings.put(account, fitting);
        });
    }

    @Override
    public Map<BudgetAccount, BigDecimal> ceilings() {
        return locked(() -> Map.copyOf(ceilings));
    }

    @Override
    public void markBudget(BudgetMark mark) {
        BudgetMark fitting = Projectable.require(mark);
        locked(() -> budgetMarks.put(fitting.tenant(), fitting));
    }

    @Override
    public List<BudgetMark> budgetMarks() {
        return locked(() -> List.copyOf(budgetMarks.values()));
    }

    @Override
    public void append(AuditEntry audit) {
        AuditEntry entry = Projectable.require(audit);
        locked(() -> audits.add(entry));
    }

    @Override
    public List<AuditEntry> audit(@Nullable TenantId tenant, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("At least one entry; asked for " + limit + ".");
        }
        if (tenant != null) {
            Projectable.require(tenant.key());
        }
        return locked(() -> {
            List<AuditEntry> newest = new ArrayList<>(audits);
            // Reversed first: the sort is stable, so of one instant the entry added last comes first.
            Collections.reverse(newest);
            return newest.stream()
                    .filter(entry -> tenant == null || tenant.equals(entry.tenant()))
                    .sorted(Comparator.comparing(AuditEntry::timestamp).reversed())
                    .limit(limit)
                    .toList();
        });
    }

    /** Memory always answers. */
    @Override
    public void ping() {
        // See the comment.
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    private static TenantRow writtenAt(TenantRow row, Instant now) {
        return new TenantRow(
                row.id(),
                row.uid(),
                row.resourceVersion(),
                row.createdAt(),
                row.displayName(),
                row.email(),
                row.team(),
                row.openclawVersion(),
                row.monthlyBudgetUsd(),
                row.configOverrides(),
                row.policyRef(),
                row.clusterTenantRef(),
                row.suspended(),
                row.phase(),
                row.ingressHost(),
                now);
    }

    private static PolicyRow writtenAt(PolicyRow row, Instant now) {
        return new PolicyRow(
                row.id(),
                row.uid(),
                row.resourceVersion(),
                row.createdAt(),
                row.description(),
                row.tenantSelector(),
                row.domains(),
                row.egressRules(),
                row.mcpServers(),
                now);
    }

    /** This projection, as its rows see it. */
    private final class Shared implements InMemoryRows.Shared {
        @Override
        public Instant now() {
            return InMemoryProjection.this.now();
        }

        @Override
        public List<AuditEntry> audits() {
            return audits;
        }

        @Override
        public <T> T locked(Supplier<T> work) {
            return InMemoryProjection.this.locked(work);
        }
    }
}
