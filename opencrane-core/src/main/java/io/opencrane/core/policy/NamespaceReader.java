package io.opencrane.core.policy;

import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.resource.Page;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.core.port.Cluster;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.port.RowCursor;
import io.opencrane.core.port.TenantRow;
import io.opencrane.core.resource.ResourceScan;
import io.opencrane.core.tenant.ScopeScan;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the policies of a namespace, and what of its tenants decides which of them they are under. */
final class NamespaceReader {
    /** Beyond so many tenants asked for one by one, a list costs the API server less. */
    static final int MOST_READ_SINGLY = 100;

    private final Cluster cluster;
    private final @Nullable ProjectionStore projection;
    private final @Nullable String defaultPolicyRef;
    private final InstantSource clock;

    /**
     * Tenants of one namespace.
     *
     * @param all in byte order
     * @param source where they were read
     * @param asOf when
     */
    record Subjects(List<PolicySubject> all, Page.Source source, Instant asOf) {}

    NamespaceReader(
            Cluster cluster,
            @Nullable ProjectionStore projection,
            @Nullable String defaultPolicyRef,
            InstantSource clock) {
        this.cluster = cluster;
        this.projection = projection;
        this.defaultPolicyRef = defaultPolicyRef;
        this.clock = clock;
    }

    List<AccessPolicy> policies(String namespace) {
        List<AccessPolicy> all = new ArrayList<>();
        ScopeScan.of(cluster, AccessPolicy.class, namespace).forEachRemaining(all::add);
        return all;
    }

    NamespacePolicies prepared(String namespace) {
        return prepared(namespace, policies(namespace));
    }

    NamespacePolicies prepared(String namespace, Collection<AccessPolicy> policies) {
        return new NamespacePolicies(namespace, policies, defaultPolicyRef);
    }

    /** Tells every tenant of a namespace, from the cluster, in byte order. */
    void forEachTenant(String namespace, Consumer<PolicySubject> visitor) {
        ResourceScan<Tenant> scan = ScopeScan.of(cluster, Tenant.class, namespace);
        while (scan.hasNext()) {
            visitor.accept(PolicySubject.of(scan.next()));
        }
    }

    /** Every tenant of a namespace, from the projection where its rows tell enough to compare policies with other policies. */
    Subjects tenants(String namespace, NamespacePolicies before, NamespacePolicies after) {
        Instant now = clock.instant();
        boolean rowsTellEnough = before.selectByTeamAndNameOnly() && after.selectByTeamAndNameOnly();
        if (projection != null && rowsTellEnough) {
            List<PolicySubject> rows = rows(projection, namespace);
            if (rows.stream().filter(tenant -> isOpen(tenant, before)).count() <= MOST_READ_SINGLY) {
                return new Subjects(completed(rows, before), Page.Source.PROJECTION, now);
            }
        }
        List<PolicySubject> all = new ArrayList<>();
        forEachTenant(namespace, all::add);
        return new Subjects(all, Page.Source.CLUSTER, now);
    }

    private static List<PolicySubject> rows(ProjectionStore store, String namespace) {
        List<PolicySubject> all = new ArrayList<>();
        try (RowCursor<TenantRow> rows = store.tenants().stream(List.of(namespace))) {
            rows.forEachRemaining(row -> all.add(PolicySubject.of(row)));
        }
        return all;
    }

    /** Whether it matters what the tenant ran under last, which no row keeps. */
    private static boolean isOpen(PolicySubject tenant, NamespacePolicies policies) {
        return !policies.inForce(tenant).isSettled();
    }

    private List<PolicySubject> completed(List<PolicySubject> rows, NamespacePolicies before) {
        List<PolicySubject> all = new ArrayList<>(rows.size());
        for (PolicySubject row : rows) {
            if (isOpen(row, before)) {
                cluster.resources()
                        .find(Tenant.class, row.id().namespace(), row.id().name())
                        .map(PolicySubject::of)
                        .ifPresent(all::add);
            } else {
                all.add(row);
            }
        }
        return all;
    }
}
