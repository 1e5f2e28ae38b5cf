package io.opencrane.it.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.k8s.blueprint.NetworkFence;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore.PatchType;
import io.opencrane.k8s.object.ObjectStore.Target;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What the operator makes of policies, under the README's Role. It starts among tenants that move from policy to policy meanwhile. */
@ControlPlaneTest(needsControllerManager = true)
@EnabledIfSystemProperty(named = OperatorProcess.JAR, matches = ".+", disabledReason = OperatorProcess.WHEN_IT_RUNS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperatorPoliciesTest {
    private static final List<String> COLOURS = List.of("red", "green", "blue");
    private static final List<String> MOVERS =
            IntStream.range(0, 12).mapToObj(i -> "mover-" + i).toList();
    private static final String POLICY = """
            apiVersion: opencrane.io/v1alpha1
            kind: AccessPolicy
            metadata: {name: %s}
            spec: {tenantSelector: {matchLabels: {colour: %1$s}}, egressRules: [{cidr: 10.20.0.0/16}]}
            """;
    private static final String TENANT = """
            ---
            apiVersion: opencrane.io/v1alpha1
            kind: Tenant
            metadata: {name: %s, labels: {colour: %s}}
            spec: {displayName: ACME Corp, email: owner@acme.com, suspended: true}
            """;

    private final Map<String, String> colours = new TreeMap<>();
    private OperatorNamespace namespace;
    private OperatorProcess operator;

    @BeforeAll
    void startWhileTenantsMove(ControlPlane controlPlane) throws Exception {
        Kubectl.require();
        namespace = new OperatorNamespace(controlPlane);
        namespace.apply(COLOURS.stream().map(POLICY::formatted).collect(Collectors.joining("---\n"))
                + MOVERS.stream().map(mover -> TENANT.formatted(mover, "red")).collect(Collectors.joining()));
        Map<String, String> environment = namespace.environment();
        environment.put("INGRESS_CONTROLLER_NAMESPACE", "traefik");
        operator = OperatorProcess.start(environment);
        for (int i = 0; !operator.isReady(); i++) {
            paint(MOVERS.get(i % MOVERS.size()), COLOURS.get(i / MOVERS.size() % COLOURS.size()));
        }
    }

    @AfterAll
    void stop() throws Exception {
        if (operator != null) {
            try {
                assertThat(operator.log()).doesNotContain("sk-", " ERROR ", "FORBIDDEN");
                assertThat(operator.terminate().exitCode(Duration.ofSeconds(10)))
                        .as(operator.log())
                        .isZero();
            } finally {
                operator.close();
                namespace.close();
            }
        }
    }

    private void paint(String tenant, String colour) {
        String body = "{\"metadata\":{\"labels\":{\"colour\":\"" + colour + "\"}}}";
        namespace.objects.patch(namespace.ref(tenant), Target.OBJECT, PatchType.MERGE, body);
        colours.put(tenant, colour);
    }

    private ObjectRef networkPolicy(String policy) {
        return ObjectType.NETWORK_POLICY.named(namespace.name, "opencrane-policy-" + policy);
    }

    private Optional<GenericKubernetesResource> find(String policy) {
        return namespace.objects.get(networkPolicy(policy));
    }

    private List<String> selectedBy(String policy) {
        return find(policy)
                .<List<String>>map(object -> object.get("spec", "podSelector", "matchExpressions", 0, "values"))
                .orElse(List.of());
    }

    private List<String> painted(String colour) {
        return colours.keySet().stream()
                .filter(tenant -> colours.get(tenant).equals(colour))
                .toList();
    }

    private void untilEverybodyIsWhereTheyBelong() {
        for (String colour : COLOURS) {
            namespace.until(
                    colour + " to select its tenants", () -> selectedBy(colour).equals(painted(colour)));
        }
    }

    @Test
    void whatChangesWhileItStartsIsNotLost() {
        untilEverybodyIsWhereTheyBelong();
    }

    @Test
    void aTenantThatChangesItsLabelsChangesItsPolicy() {
        paint("mover-3", "green");
        untilEverybodyIsWhereTheyBelong();

        MOVERS.forEach(mover -> paint(mover, "blue"));
        untilEverybodyIsWhereTheyBelong();
        assertThat(find("red")).as("selects nobody").isEmpty();
    }

    @Test
    void whatSomebodyDidByHandIsUndone() throws Exception {
        ObjectRef fence = NetworkFence.tenantBaseline(namespace.name);
        namespace.apply(POLICY.formatted("hand") + TENANT.formatted("handy", "hand"));
        namespace.until("a network policy and a fence", () -> find("hand").isPresent() && namespace.exists(fence));
        Object made = find("hand").orElseThrow().get("spec");

        namespace.kubectl("delete", "networkpolicy", networkPolicy("hand").name(), fence.name());
        namespace.until("both to come back", () -> find("hand").isPresent() && namespace.exists(fence));
        namespace.kubectl(
                "patch",
                "networkpolicy",
                networkPolicy("hand").name(),
                "--type=merge",
                "-p",
                "{\"spec\":{\"egress\":[{}]}}");
        namespace.until(
                "the rules to come back",
                () -> made.equals(find("hand").orElseThrow().get("spec")));
        namespace.kubectl("label", "networkpolicy", networkPolicy("hand").name(), "opencrane.io/policy-");
        namespace.until(
                "its label to come back",
                () -> "hand"
                        .equals(find("hand")
                                .orElseThrow()
                                .getMetadata()
                                .getLabels()
                                .get("opencrane.io/policy")));
    }

    @Test
    void theFenceLetsTheIngressControllerIn() throws Exception {
        ObjectRef fence = NetworkFence.tenantBaseline(namespace.name);
        namespace.until("a fence", () -> namespace.exists(fence));

        assertThat(namespace.kubectl("get", "networkpolicy", fence.name(), "--output=jsonpath={.spec.ingress}"))
                .contains("\"kubernetes.io/metadata.name\":\"traefik\"");
    }

    @Test
    void theReadmesCommandsRun() throws Exception {
        List<String> blocks = namespace.readmeCommands("## Policies");

        List<String> first = namespace.bash(blocks.get(0)).lines().toList();
        assertThat(first)
                .anyMatch(line -> line.startsWith("opencrane-policy-web "))
                .anyMatch(line -> line.contains("10.20.0.0/16"))
                .anyMatch(line -> line.startsWith("NetworkApplied=True"))
                .anyMatch(line ->
                        line.startsWith("DomainsEnforced=False Domain names are allowed, and CiliumNetworkPolicy"))
                .anyMatch(
                        line -> line.equals("networkpolicy.networking.k8s.io/opencrane-tenant-baseline condition met"));
        assertThat(first.stream().filter(line -> line.contains("\"port\":53"))).hasSize(2);
        assertThat(first.stream().filter(line -> line.contains("10.20.0.0/16"))).hasSize(1);

        assertThat(namespace.bash(blocks.get(1)))
                .contains("It is deleted and stays in force for tenants that have no other: grace")
                .contains("accesspolicy.opencrane.io/web condition met");
        assertThat(find("web")).isEmpty();
        namespace.kubectl("delete", "tenant", "grace", "--timeout=60s");
    }
}
