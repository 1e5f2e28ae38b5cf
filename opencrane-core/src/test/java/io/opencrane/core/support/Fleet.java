package io.opencrane.core.support;

import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.api.tenant.TenantStatus;
import io.opencrane.core.port.TenantRow;
import io.opencrane.core.tenant.RowMapping;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A seeded generator of small fleets that collide often: few names, few values, and the ones that cause trouble among them. */
public final class Fleet {
    private static final List<String> NAMESPACES = List.of("a", "a-b", "a0", "z");
    private static final List<String> NAMES = List.of("a", "a-", "b", "b-1", "c", "d", "e");
    private final Random random;
    private int uid;

    public Fleet(long seed) {
        random = new Random(seed);
    }

    public boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** Fills both sides: about a third agree, the others are missing on one side, differ, are being deleted, or cannot be projected. */
    public void fill(InMemoryCluster cluster, InMemoryProjection projection) {
        for (String namespace : NAMESPACES) {
            for (String name : NAMES) {
                if (chance(0.8)) {
                    Tenant tenant = cluster.put(tenant(namespace, name));
                    if (chance(0.8) && !tenant.spec().displayName().contains("\0")) {
                        keep(projection, chance(0.5) ? RowMapping.row(tenant) : damaged(RowMapping.row(tenant)));
                    }
                } else if (chance(0.5)) {
                    keep(projection, RowMapping.row(new InMemoryCluster(cluster.scope()).put(tenant(namespace, name))));
                }
            }
        }
    }

    private void keep(InMemoryProjection projection, TenantRow row) {
        if (!row.displayName().contains("\0")) {
            projection.rows.put(row.id().toString(), row);
        }
    }

    private Tenant tenant(String namespace, String name) {
        ResourceMetadata metadata = new ResourceMetadata(
                namespace,
                name,
                "uid-" + ++uid,
                "",
                1,
                Instant.ofEpochSecond(1_700_000_000L),
                chance(0.1) ? Instant.EPOCH : null,
                Map.of(),
                Map.of(),
                List.of());
        TenantSpec.Builder spec = TenantSpec.builder(chance(0.05) ? "bad \0" : "Name", "a@b");
        if (chance(0.5)) {
            spec.team(pick("x", "y", ""));
        }
        if (chance(0.5)) {
            spec.monthlyBudgetUsd(pick("200", "200.00", "0.005", "0.01", "1e-30"));
        }
        if (chance(0.5)) {
            spec.configOverrides(FreeForm.of(Map.of("a", pick("1", "2"), "b", List.of(1, 2))));
        }
        if (chance(0.3)) {
            spec.policyRef(pick("p", "q")).clusterTenantRef(pick("c", "d")).openclawVersion(pick("1", "latest"));
        }
        return new Tenant(metadata, spec.build(), TenantStatus.empty());
    }

    private TenantRow damaged(TenantRow row) {
        return new TenantRow(
                row.id(),
                row.uid(),
                row.resourceVersion(),
                row.createdAt(),
                pick("Name", "Other"),
                pick("a@b", "b@a"),
                chance(0.5) ? row.team() : pick("x", "y"),
                row.openclawVersion(),
                chance(0.5) ? row.monthlyBudgetUsd() : new BigDecimal("7"),
                chance(0.5) ? row.configOverrides() : FreeForm.of(Map.of("a", "9")),
                chance(0.5) ? row.policyRef() : "other",
                row.clusterTenantRef(),
                chance(0.2),
                TenantPhase.RUNNING,
                row.ingressHost(),
                row.updatedAt());
    }

    private String pick(String... values) {
        return values[random.nextInt(values.length)];
    }
}
