package io.opencrane.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.AccessPolicyPatch;
import io.opencrane.api.policy.AccessPolicyService;
import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.AccessPolicyStatus;
import io.opencrane.api.policy.BlastRadius;
import io.opencrane.api.policy.BlastRadius.Reach;
import io.opencrane.api.policy.BlastRadius.Shift;
import io.opencrane.api.policy.BlastRadius.Sort;
import io.opencrane.api.policy.BlastRadius.Standing;
import io.opencrane.api.policy.NewAccessPolicy;
import io.opencrane.api.resource.Page.Source;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.tenant.PolicyResolutionSource;
import io.opencrane.api.tenant.PolicyResolutionState;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.api.tenant.TenantStatus;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.settings.Settings;
import io.opencrane.core.support.InMemoryCluster;
import io.opencrane.core.support.InMemoryProjection;
import io.opencrane.core.tenant.RowMapping;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PolicyPreviewsTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000L);
    private static final AccessPolicyId ENGINEERING = new AccessPolicyId("opencrane", "engineering");

    private final InMemoryCluster cluster = new InMemoryCluster(InstanceScope.namespaces("opencrane", "second"));
    private final InMemoryProjection projection = new InMemoryProjection();
    private final AccessPolicyService service = service(true);

    private AccessPolicyService service(boolean withRows) {
        OpenCrane.Builder openCrane = OpenCrane.builder()
                .cluster(cluster)
                .settings(Settings.builder()
                        .namespace("opencrane")
                        .defaultTenantPolicyRef("base")
                        .build())
                .clock(() -> NOW);
        if (withRows) {
            openCrane.projection(projection);
        }
        return openCrane.build().policies();
    }

    private static NewAccessPolicy.Builder engineering() {
        return NewAccessPolicy.builder("engineering").matchTeam("engineering").allowDomains("github.com");
    }

    private static NewAccessPolicy base() {
        return NewAccessPolicy.builder("base").egress("10.0.0.0/8").build();
    }

    private void put(NewAccessPolicy policy) {
        cluster.put(new AccessPolicy(
                ResourceMetadata.of("opencrane", policy.name()), policy.spec(), AccessPolicyStatus.empty()));
    }

    private TenantId tenant(
            String namespace, String name, String team, String policyRef, @Nullable String lastInForce) {
        TenantSpec spec = TenantSpec.builder("Name", "a@b.com")
                .team(team)
                .policyRef(policyRef)
                .build();
        Tenant tenant = cluster.put(new Tenant(ResourceMetadata.of(namespace, name), spec, status(lastInForce)));
        projection.rows.put(tenant.id().toString(), RowMapping.row(tenant));
        return tenant.id();
    }

    private static TenantStatus status(@Nullable String lastInForce) {
        return TenantStatus.empty().toBuilder()
                .policy(lastInForce, PolicyResolutionSource.SELECTOR, PolicyResolutionState.RESOLVED)
                .build();
    }

    private TenantId tenant(String name, String team) {
        return tenant("opencrane", name, team, "", null);
    }

    private static Standing resolved(String policy) {
        return new Standing(policy, PolicyResolutionState.RESOLVED);
    }

    private static Reach domain(String name) {
        return new Reach(Sort.DOMAIN, name);
    }

    @Test
    void aNewPolicyTakesTheTenantsThatItSelects() {
        put(base());
        TenantId ada = tenant("ada", "engineering");
        tenant("bob", "sales");
        TenantId eve = tenant("eve", "engineering");
        tenant("second", "ada", "engineering", "", null);

        BlastRadius radius = service.previewCreate(engineering().build());

        assertThat(radius.source()).isEqualTo(Source.PROJECTION);
        assertThat(radius.asOf()).isEqualTo(NOW);
        assertThat(radius.shifts()).singleElement().satisfies(shift -> {
            assertThat(shift.tenants()).containsExactly(ada, eve);
            assertThat(shift.before()).isEqualTo(resolved("base"));
            assertThat(shift.after()).isEqualTo(resolved("engineering"));
            assertThat(shift.gains()).containsExactly(domain("github.com"));
            assertThat(shift.losses()).containsExactly(new Reach(Sort.NETWORK, "10.0.0.0/8 443/TCP"));
        });
        assertThat(cluster.policies).containsOnlyKeys("opencrane/base");
        assertThat(projection.log).isEmpty();
    }

    @Test
    void aPreviewOfWhatIsThereAlreadyHitsNobody() {
        put(engineering().build());
        tenant("ada", "engineering");

        assertThat(service.previewCreate(engineering().build()).isEmpty()).isTrue();
        assertThat(service.previewUpdate(
                                ENGINEERING,
                                AccessPolicyPatch.builder().description("x").build())
                        .isEmpty())
                .isTrue();
    }

    @Test
    void aChangedRuleTouchesWhoIsUnderThePolicyAndSaysWhat() {
        put(base());
        put(engineering().build());
        TenantId ada = tenant("ada", "engineering");
        TenantId bob = tenant("opencrane", "bob", "sales", "engineering", null);
        tenant("eve", "sales");

        List<Shift> shifts = service.previewUpdate(
                        ENGINEERING,
                        AccessPolicyPatch.builder().allowDomains("npmjs.org").build())
                .shifts();

        assertThat(shifts)
                .containsExactly(new Shift(
                        List.of(ada, bob),
                        resolved("engineering"),
                        resolved("engineering"),
                        List.of(domain("npmjs.org")),
                        List.of(domain("github.com"))));
    }

    @Test
    void aChangedSelectorShowsWhoComesWhoGoesAndWhoWouldNotResolve() {
        put(base());
        put(engineering().build());
        put(NewAccessPolicy.builder("sales").matchTeam("sales").build());
        TenantId ada = tenant("ada", "engineering");
        TenantId bob = tenant("bob", "sales");

        List<Shift> shifts = service.previewUpdate(
                        ENGINEERING,
                        AccessPolicyPatch.builder().matchTeam("sales").build())
                .shifts();

        assertThat(shifts).hasSize(2);
        assertThat(shifts.get(0)).satisfies(shift -> {
            assertThat(shift.tenants()).containsExactly(ada);
            assertThat(shift.after()).isEqualTo(resolved("base"));
        });
        assertThat(shifts.get(1))
                .isEqualTo(new Shift(
                        List.of(bob),
                        resolved("sales"),
                        new Standing("sales", PolicyResolutionState.POLICY_CONFLICT),
                        List.of(),
                        List.of()));
    }

    @Test
    void whoNamesADeletedPolicyKeepsItAndWhoIsSelectedDoesNot() {
        put(base());
        put(engineering().build());
        TenantId ada = tenant("ada", "engineering");
        TenantId bob = tenant("opencrane", "bob", "", "engineering", null);

        List<Shift> shifts = service.previewDelete(ENGINEERING).shifts();

        assertThat(shifts).hasSize(2);
        assertThat(shifts.get(0)).satisfies(shift -> {
            assertThat(shift.tenants()).containsExactly(ada);
            assertThat(shift.after()).isEqualTo(resolved("base"));
            assertThat(shift.losses()).containsExactly(domain("github.com"));
        });
        assertThat(shifts.get(1))
                .isEqualTo(new Shift(
                        List.of(bob),
                        resolved("engineering"),
                        new Standing("engineering", PolicyResolutionState.POLICY_NOT_FOUND),
                        List.of(),
                        List.of()));
    }

    @Test
    void whatATenantRanUnderLastIsAskedOfTheClusterAlone() {
        put(base());
        TenantId ada = tenant("opencrane", "ada", "", "gone", "base");
        tenant("bob", "");
        projection.rows.put(
                "opencrane/left",
                RowMapping.row(cluster.put(new Tenant(
                        ResourceMetadata.of("opencrane", "left"),
                        TenantSpec.builder("Name", "a@b.com").policyRef("gone").build(),
                        TenantStatus.empty()))));
        cluster.tenants.remove("opencrane/left");
        cluster.calls.clear();

        BlastRadius radius = service.previewUpdate(
                new AccessPolicyId("opencrane", "base"),
                AccessPolicyPatch.builder().egress("11.0.0.0/8").build());

        assertThat(radius.source()).isEqualTo(Source.PROJECTION);
        assertThat(radius.shifts()).extracting(Shift::tenants).first().isEqualTo(List.of(ada));
        assertThat(radius.shifts())
                .extracting(Shift::after)
                .containsExactly(new Standing("base", PolicyResolutionState.POLICY_NOT_FOUND), resolved("base"));
        assertThat(cluster.calls).containsExactly("find", "page", "find", "find");
        assertThat(projection.openCursors).isZero();
    }

    @Test
    void aSelectorOfOtherLabelsOrManyWhoDoNotResolveAreReadFromTheCluster() {
        put(base());
        tenant("ada", "");

        NewAccessPolicy byName = NewAccessPolicy.builder("p")
                .matchLabel("opencrane.io/tenant", "ada")
                .matchLabel("opencrane.io/team", "x")
                .build();
        assertThat(service.previewCreate(byName).source()).isEqualTo(Source.PROJECTION);
        NewAccessPolicy byLabel =
                NewAccessPolicy.builder("p").matchLabel("tier", "gold").build();
        assertThat(service.previewCreate(byLabel).source()).isEqualTo(Source.CLUSTER);
        assertThat(service(false).previewCreate(byName).source()).isEqualTo(Source.CLUSTER);

        for (int i = 0; i <= NamespaceReader.MOST_READ_SINGLY; i++) {
            tenant("opencrane", "t-" + i, "", "gone", "base");
        }
        assertThat(service.previewCreate(byName).source()).isEqualTo(Source.CLUSTER);
    }

    /** Fleets in which everything goes wrong at once; the reference resolves one tenant at a time. */
    @Test
    void aPreviewSaysForEveryTenantWhatResolutionSaysAndRowsSayWhatTheClusterSays() {
        int hit = 0;
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            fill(random);
            AccessPolicyId id = new AccessPolicyId("opencrane", pick(random, "base", "p", "q", "r"));
            AccessPolicy there = cluster.policies.get(id.toString());
            AccessPolicyPatch patch = patch(random);
            BlastRadius radius;
            BlastRadius fromCluster;
            List<AccessPolicy> after = new ArrayList<>(cluster.policies.values());
            after.remove(there);
            if (there == null) {
                NewAccessPolicy policy = new NewAccessPolicy(
                        id.name(),
                        null,
                        patch.applyTo(AccessPolicySpec.builder().build()),
                        null);
                radius = service.previewCreate(policy);
                fromCluster = service(false).previewCreate(policy);
                after.add(new AccessPolicy(
                        ResourceMetadata.of("opencrane", id.name()), policy.spec(), AccessPolicyStatus.empty()));
            } else if (random.nextBoolean()) {
                radius = service.previewUpdate(id, patch);
                fromCluster = service(false).previewUpdate(id, patch);
                after.add(there.withSpec(patch.applyTo(there.spec())));
            } else {
                radius = service.previewDelete(id);
                fromCluster = service(false).previewDelete(id);
            }

            assertThat(radius.source()).isEqualTo(Source.PROJECTION);
            assertThat(radius.shifts()).as("seed " + seed).isEqualTo(fromCluster.shifts());
            assertThat(moves(radius)).as("seed " + seed).isEqualTo(expected(after));
            hit += radius.shifts().size();
        }
        assertThat(hit).isGreaterThan(200);
    }

    private static Map<String, List<Standing>> moves(BlastRadius radius) {
        Map<String, List<Standing>> moves = new TreeMap<>();
        for (Shift shift : radius.shifts()) {
            boolean isMove = !shift.before().equals(shift.after());
            assertThat(isMove || !shift.gains().isEmpty() || !shift.losses().isEmpty())
                    .isTrue();
            if (isMove) {
                shift.tenants().forEach(id -> moves.put(id.toString(), List.of(shift.before(), shift.after())));
            }
        }
        return moves;
    }

    private Map<String, List<Standing>> expected(List<AccessPolicy> after) {
        Map<String, List<Standing>> moves = new TreeMap<>();
        for (Tenant tenant : cluster.tenants.values()) {
            PolicyInForce now = PolicyInForce.of(tenant, cluster.policies.values(), "base");
            Tenant caughtUp = tenant.withStatus(status(now.name()));
            PolicyInForce then = PolicyInForce.of(caughtUp, after, "base");
            Standing from = new Standing(now.name(), now.resolution().state());
            Standing to = new Standing(then.name(), then.resolution().state());
            if (!from.equals(to)) {
                moves.put(tenant.id().toString(), List.of(from, to));
            }
        }
        return moves;
    }

    private void fill(Random random) {
        cluster.policies.clear();
        cluster.tenants.clear();
        projection.rows.clear();
        for (String name : List.of("base", "p", "q")) {
            if (random.nextInt(4) > 0) {
                put(new NewAccessPolicy(
                        name,
                        null,
                        patch(random).applyTo(AccessPolicySpec.builder().build()),
                        null));
            }
        }
        for (int i = 0; i < 12; i++) {
            tenant(
                    "opencrane",
                    "t-" + i,
                    pick(random, "", "x", "y"),
                    pick(random, "", "", "p", "gone"),
                    random.nextBoolean() ? pick(random, "base", "p", "gone") : null);
        }
    }

    private static AccessPolicyPatch patch(Random random) {
        AccessPolicyPatch.Builder patch = AccessPolicyPatch.builder();
        if (random.nextBoolean()) {
            patch.matchTeam(pick(random, "x", "y"));
        }
        if (random.nextInt(3) == 0) {
            patch.matchLabel("opencrane.io/tenant", "t-" + random.nextInt(12));
        }
        if (random.nextBoolean()) {
            patch.allowDomains(pick(random, "a.com", "b.com"));
        }
        return patch.build();
    }

    private static String pick(Random random, String... values) {
        return Objects.requireNonNull(values[random.nextInt(values.length)]);
    }
}
