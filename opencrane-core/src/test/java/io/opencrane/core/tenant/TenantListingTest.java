package io.opencrane.core.tenant;

import static io.opencrane.core.support.InMemoryCluster.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.Page;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.api.tenant.TenantQuery;
import io.opencrane.api.tenant.TenantService;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.api.tenant.TenantStatus;
import io.opencrane.api.tenant.TenantSummary;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.port.Pause;
import io.opencrane.core.settings.HostingProvider;
import io.opencrane.core.support.InMemoryCluster;
import io.opencrane.core.support.InMemoryProjection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TenantListingTest {
    private final InMemoryCluster cluster = new InMemoryCluster(InstanceScope.namespaces("a", "a-b"));
    private final InMemoryProjection projection = new InMemoryProjection();

    private TenantService over(InMemoryProjection rows) {
        return TenantServices.using(
                cluster, rows, HostingProvider.ONPREM, InstantSource.fixed(Instant.EPOCH), Pause.sleeping());
    }

    private void put(String namespace, String name, String team) {
        cluster.put(new Tenant(
                ResourceMetadata.of(namespace, name),
                TenantSpec.builder(name, "a@b")
                        .team(team)
                        .clusterTenantRef("c-" + team)
                        .build(),
                TenantStatus.empty()));
    }

    private static List<String> keys(Page<TenantSummary> page) {
        return page.items().stream()
                .map(TenantSummary::id)
                .map(TenantId::toString)
                .toList();
    }

    @Test
    void theScanIsInByteOrderAcrossNamespacesOfTheScopeOnly() {
        put("a", "one", "x");
        put("a-b", "two", "x");
        put("foreign", "three", "x");

        Page<TenantSummary> page = over(null).list(TenantQuery.all());

        assertThat(keys(page)).containsExactly("a-b/two", "a/one");
        assertThat(page.next()).isNull();
        assertThat(page.source()).isEqualTo(Page.Source.CLUSTER);
        assertThat(page.asOf()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void pagesJoinWithoutGapOrRepetition() {
        IntStream.range(0, 7).forEach(i -> put(i % 2 == 0 ? "a" : "a-b", "t" + i, "x"));
        List<String> seen = new ArrayList<>();
        String next = null;
        do {
            Page<TenantSummary> page =
                    over(null).list(TenantQuery.builder().limit(2).after(next).build());
            seen.addAll(keys(page));
            next = page.next();
        } while (next != null);

        assertThat(seen).containsExactly("a-b/t1", "a-b/t3", "a-b/t5", "a/t0", "a/t2", "a/t4", "a/t6");
    }

    @Test
    void aPageBehindANamespaceDoesNotReadIt() {
        put("a", "one", "x");
        put("a-b", "two", "x");

        assertThat(keys(over(null).list(TenantQuery.builder().after("a-b/zzz").build())))
                .containsExactly("a/one");
        assertThat(keys(over(null).list(TenantQuery.builder().after("a/one").build())))
                .isEmpty();
        assertThat(cluster.calls).as("both namespaces, then only the second").hasSize(3);
    }

    @Test
    void filtersMustAllHold() {
        put("a", "one", "x");
        put("a", "two", "y");
        cluster.edit(
                new TenantId("a", "two"),
                t -> t.withStatus(
                        t.status().toBuilder().phase(TenantPhase.ERROR, "!").build()));

        assertThat(keys(over(null).list(TenantQuery.builder().team("x").build())))
                .containsExactly("a/one");
        assertThat(keys(over(null)
                        .list(TenantQuery.builder().phase(TenantPhase.PENDING).build())))
                .containsExactly("a/one");
        assertThat(keys(over(null)
                        .list(TenantQuery.builder().clusterTenant("c-y").build())))
                .containsExactly("a/two");
        assertThat(keys(over(null).list(TenantQuery.builder().namespace("a-b").build())))
                .isEmpty();
        assertThat(keys(over(null)
                        .list(TenantQuery.builder()
                                .team("x")
                                .phase(TenantPhase.ERROR)
                                .build())))
                .isEmpty();
    }

    @Test
    void aScanIsCapped() {
        IntStream.range(0, 5_000).forEach(i -> put("a", String.format("t%05d", i), "x"));
        TenantQuery nobody = TenantQuery.builder().team("nobody").build();
        assertThat(over(null).list(nobody).items()).isEmpty();
        put("a", "t99999", "x");

        assertThatThrownBy(() -> over(null).list(nobody))
                .isInstanceOfSatisfying(
                        OpenCraneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIST_TOO_LARGE));
        assertThatThrownBy(() ->
                        over(null).list(TenantQuery.builder().after("a/t04999").build()))
                .isInstanceOf(OpenCraneException.class);
        assertThat(over(null).list(TenantQuery.all()).items()).hasSize(100);
    }

    @Test
    void anExpiredListIsReadOnFromWhereItWas() {
        IntStream.range(0, 1_200).forEach(i -> put("a", String.format("t%05d", i), "x"));
        TenantScan scan = TenantScan.of(cluster);
        IntStream.range(0, 600).forEach(i -> scan.next());
        cluster.onPage.add(failure(ErrorCode.EXPIRED));

        List<String> rest = new ArrayList<>();
        scan.forEachRemaining(tenant -> rest.add(tenant.metadata().name()));

        assertThat(rest).hasSize(600).startsWith("t00600").endsWith("t01199").doesNotHaveDuplicates();
    }

    @Test
    void aListThatKeepsExpiringFails() {
        IntStream.range(0, 4).forEach(i -> cluster.onPage.add(failure(ErrorCode.EXPIRED)));

        assertThatThrownBy(() -> TenantScan.of(cluster).hasNext())
                .isInstanceOfSatisfying(
                        OpenCraneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.EXPIRED));
    }

    @Test
    void aProjectionIsReadInsteadOfTheCluster() {
        put("a", "one", "x");
        over(projection).suspend(new TenantId("a", "one"));
        cluster.calls.clear();

        Page<TenantSummary> page = over(projection).list(TenantQuery.all());

        assertThat(keys(page)).containsExactly("a/one");
        assertThat(page.source()).isEqualTo(Page.Source.PROJECTION);
        assertThat(cluster.calls).isEmpty();
    }

    @Test
    void aNamespaceOutsideTheScopeIsRefused() {
        assertThatThrownBy(() -> over(projection)
                        .list(TenantQuery.builder().namespace("foreign").build()))
                .hasMessageContaining("outside");
    }
}
