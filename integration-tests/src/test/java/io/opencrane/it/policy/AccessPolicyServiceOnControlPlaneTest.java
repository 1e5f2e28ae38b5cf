package io.opencrane.it.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicyField;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.AccessPolicyPatch;
import io.opencrane.api.policy.AccessPolicyQuery;
import io.opencrane.api.policy.AccessPolicyService;
import io.opencrane.api.policy.AccessPolicySummary;
import io.opencrane.api.policy.BlastRadius;
import io.opencrane.api.policy.BlastRadius.Shift;
import io.opencrane.api.policy.BlastRadius.Standing;
import io.opencrane.api.policy.Destination;
import io.opencrane.api.policy.EgressDecision.Verdict;
import io.opencrane.api.policy.EgressRule;
import io.opencrane.api.policy.NewAccessPolicy;
import io.opencrane.api.projection.ProjectionOutcome;
import io.opencrane.api.resource.Page;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.PolicyResolutionState;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.port.PolicyRow;
import io.opencrane.core.settings.Settings;
import io.opencrane.it.projection.PostgresServer;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.crd.CrdBundle;
import io.opencrane.postgres.PostgresProjection;
import io.opencrane.postgres.ProjectionOptions;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the service writes is what a real API server stores, and a real PostgreSQL keeps. */
@ControlPlaneTest
@ExtendWith(PostgresServer.Resolver.class)
class AccessPolicyServiceOnControlPlaneTest {
    private final String home = "pol-" + UUID.randomUUID().toString().substring(0, 8);
    private final AccessPolicyId engineering = new AccessPolicyId(home, "engineering");
    private final KubernetesClient client;
    private final PostgresProjection projection;
    private KubernetesCluster cluster;
    private OpenCrane openCrane;
    private AccessPolicyService policies;

    AccessPolicyServiceOnControlPlaneTest(ControlPlane controlPlane, PostgresServer server) {
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(controlPlane.kubeconfigYaml()))
                .build();
        projection = PostgresProjection.using(
                server.dataSource(), ProjectionOptions.defaults().withSchema(server.newSchema()));
    }

    @BeforeEach
    void connect() {
        CrdBundle.load().install(client, Duration.ofSeconds(30));
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(home)
                        .endMetadata()
                        .build())
                .create();
        cluster = KubernetesCluster.using(client, InstanceScope.namespace(home));
        openCrane = OpenCrane.builder()
                .cluster(cluster)
                .projection(projection)
                .settings(Settings.builder()
                        .namespace(home)
                        .watchNamespaces(home)
                        .defaultTenantPolicyRef("base")
                        .build())
                .build();
        policies = openCrane.policies();
    }

    @AfterEach
    void disconnect() {
        cluster.close();
        client.close();
    }

    private static NewAccessPolicy.Builder policy() {
        return NewAccessPolicy.builder("engineering")
                .description("What engineers need")
                .matchTeam("engineering")
                .matchLabel("opencrane.io/tenant", "ada")
                .allowDomains("github.com", "*.github.com")
                .denyDomains("example.com")
                .egress("10.20.0.0/16", 5432, 6379)
                .egress(EgressRule.udp("10.20.0.7/32", 123))
                .allowMcpServers("jira");
    }

    private TenantId tenant(String name, String team) {
        return openCrane
                .tenants()
                .create(NewTenant.builder(name, "Name", "a@b.com").team(team).build())
                .tenant()
                .id();
    }

    private GenericKubernetesResource live() {
        return client.genericKubernetesResources("opencrane.io/v1alpha1", "AccessPolicy")
                .inNamespace(home)
                .withName("engineering")
                .get();
    }

    private static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        OpenCraneException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void createIsStoredWholeAndRepeatedAndAnotherSpecIsRefused() {
        AccessPolicy made = policies.create(policy().build()).policy();

        Map<String, Object> spec = live().get("spec");
        assertThat(spec.get("tenantSelector"))
                .isEqualTo(Map.of("matchTeam", "engineering", "matchLabels", Map.of("opencrane.io/tenant", "ada")));
        assertThat(spec.get("domains"))
                .isEqualTo(Map.of(
                        "allow",
                        List.of("github.com", "*.github.com"),
                        "deny",
                        List.of("example.com"),
                        "defaultDeny",
                        true));
        assertThat(spec.get("mcpServers")).isEqualTo(Map.of("allow", List.of("jira")));
        assertThat(live().<String>get("spec", "egressRules", 1, "protocol")).isEqualTo("UDP");
        assertThat(policies.create(policy().build()).policy()).isEqualTo(made);
        refused(
                ErrorCode.ALREADY_EXISTS,
                () -> policies.create(policy().description("Other").build()));

        PolicyRow row = projection.policies().find(engineering).orElseThrow();
        assertThat(row.uid()).isEqualTo(made.metadata().uid());
        assertThat(row.egressRules()).isEqualTo(made.spec().egressRules());
        assertThat(row.domains()).isEqualTo(made.spec().domains());
        assertThat(row.mcpServers()).isEqualTo(made.spec().mcpServers());
        assertThat(row.tenantSelector()).isEqualTo(made.spec().tenantSelector());
        Page<AccessPolicySummary> page = policies.list(
                AccessPolicyQuery.builder().namespace(home).text("NEED").build());
        assertThat(page.source()).isEqualTo(Page.Source.PROJECTION);
        assertThat(page.items()).extracting(AccessPolicySummary::name).containsExactly("engineering");
    }

    @Test
    void anUpdateSetsAndClearsInTheStoredObject() {
        AccessPolicy made = policies.create(policy().build()).policy();

        AccessPolicy changed = policies.update(
                        engineering,
                        AccessPolicyPatch.builder()
                                .egress("10.30.0.0/16")
                                .allowUnlistedDomains()
                                .clear(
                                        AccessPolicyField.DESCRIPTION,
                                        AccessPolicyField.MATCH_LABELS,
                                        AccessPolicyField.ALLOWED_DOMAINS,
                                        AccessPolicyField.DENIED_DOMAINS,
                                        AccessPolicyField.ALLOWED_MCP_SERVERS)
                                .ifUnchangedSince(made)
                                .build())
                .policy();

        Map<String, Object> spec = live().get("spec");
        assertThat(spec).doesNotContainKeys("description");
        assertThat(spec.get("tenantSelector")).isEqualTo(Map.of("matchTeam", "engineering"));
        assertThat(live().<Boolean>get("spec", "domains", "defaultDeny")).isFalse();
        assertThat(live().<Object>get("spec", "domains", "deny")).isIn(null, List.of());
        assertThat(live().<List<Object>>get("spec", "egressRules")).hasSize(1);
        assertThat(policies.get(engineering)).isEqualTo(changed);
        assertThat(changed.spec().mcpServers().isEmpty()).isTrue();
        assertThat(projection.policies().find(engineering).orElseThrow().resourceVersion())
                .isEqualTo(changed.metadata().resourceVersion());
        refused(
                ErrorCode.CONFLICT,
                () -> policies.update(
                        engineering,
                        AccessPolicyPatch.builder()
                                .description("Late")
                                .ifUnchangedSince(made)
                                .build()));
    }

    @Test
    void deletionIsRefusedWhileInUseAndTakesTheRowWithIt() {
        policies.create(policy().build());
        TenantId bob = openCrane
                .tenants()
                .create(NewTenant.builder("bob", "Bob", "b@b.com")
                        .policyRef("engineering")
                        .build())
                .tenant()
                .id();

        refused(ErrorCode.IN_USE, () -> policies.delete(engineering));
        assertThat(live()).isNotNull();

        openCrane.tenants().delete(bob);
        assertThat(policies.delete(engineering).projection()).isEqualTo(ProjectionOutcome.WRITTEN);
        assertThat(policies.find(engineering)).isEmpty();
        assertThat(projection.policies().find(engineering)).isEmpty();
        refused(ErrorCode.POLICY_NOT_FOUND, () -> policies.delete(engineering));
    }

    @Test
    void previewsFromRowsSayWhatTheClusterSaysAndWhatThenHappens() {
        TenantId ada = tenant("ada", "engineering");
        TenantId eve = tenant("eve", "engineering");
        tenant("sam", "sales");
        OpenCrane withoutRows = OpenCrane.builder()
                .cluster(cluster)
                .settings(openCrane.settings())
                .build();

        BlastRadius radius = policies.previewCreate(policy().build());

        assertThat(radius.source()).isEqualTo(Page.Source.PROJECTION);
        BlastRadius fromCluster = withoutRows.policies().previewCreate(policy().build());
        assertThat(fromCluster.source()).isEqualTo(Page.Source.CLUSTER);
        assertThat(radius.shifts()).isEqualTo(fromCluster.shifts());
        assertThat(radius.shifts()).singleElement().satisfies(shift -> {
            assertThat(shift.tenants()).containsExactly(ada);
            assertThat(shift.before()).isEqualTo(new Standing(null, PolicyResolutionState.DEFAULT_POLICY_NOT_FOUND));
            assertThat(shift.after()).isEqualTo(new Standing("engineering", PolicyResolutionState.RESOLVED));
            assertThat(shift.gains())
                    .extracting(BlastRadius.Reach::value)
                    .contains("10.20.0.0/16 5432,6379/TCP", "github.com", "*.github.com");
        });
        assertThat(live()).isNull();

        policies.create(policy().build());
        assertThat(policies.tenantsUnder(engineering)).containsExactly(ada);
        assertThat(policies.decide(ada, Destination.address("10.20.1.1"), 5432).verdict())
                .isEqualTo(Verdict.ALLOWED);
        AccessPolicyPatch wider = AccessPolicyPatch.builder()
                .clear(AccessPolicyField.MATCH_LABELS)
                .build();
        assertThat(policies.previewUpdate(engineering, wider).shifts())
                .extracting(Shift::tenants)
                .containsExactly(List.of(eve));
        policies.update(engineering, wider);
        assertThat(policies.tenantsUnder(engineering)).containsExactly(ada, eve);
        assertThat(policies.previewDelete(engineering).shifts())
                .extracting(Shift::tenants)
                .containsExactly(List.of(ada, eve));
        assertThat(policies.explain(eve).selecting()).containsExactly("engineering");
    }
}
