package io.opencrane.it.policy;

import static io.opencrane.it.policy.PolicyWorld.condition;
import static io.opencrane.it.policy.PolicyWorld.forTeam;
import static io.opencrane.it.policy.PolicyWorld.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.EgressRule;
import io.opencrane.api.policy.EgressRule.Protocol;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.k8s.blueprint.NetworkFence;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of network objects that somebody else made or edited, on a real API server and on the fake alike. */
abstract class ForeignHandsScenarios {
    private static final EgressRule ANYWHERE = new EgressRule("0.0.0.0/0", List.of(443), Protocol.TCP);

    final PolicyWorld world = PolicyWorld.fresh();

    /** A cluster with our CRDs and these namespaces. */
    abstract ObjectStore startObjects(List<String> namespaces);

    @BeforeEach
    void start() {
        world.on(startObjects(List.of(world.home, world.second)));
        world.tenant("ada", spec -> spec.team("research"));
    }

    private ObjectRef network() {
        return world.network("lab");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    a rule added            | [{"op":"add","path":"/spec/egress/-","value":{}}]
                    a rule put first        | [{"op":"add","path":"/spec/egress/0","value":{}}]
                    all rules removed       | [{"op":"replace","path":"/spec/egress","value":[]}]
                    a rule emptied          | [{"op":"remove","path":"/spec/egress/1/ports"}]
                    an exception removed    | [{"op":"remove","path":"/spec/egress/1/to/0/ipBlock/except/0"}]
                    all exceptions removed  | [{"op":"remove","path":"/spec/egress/1/to/0/ipBlock/except"}]
                    a port added            | [{"op":"add","path":"/spec/egress/1/ports/-","value":{"port":22,"protocol":"TCP"}}]
                    another block           | [{"op":"replace","path":"/spec/egress/1/to/0/ipBlock/cidr","value":"0.0.0.0/1"},{"op":"remove","path":"/spec/egress/1/to/0/ipBlock/except"}]
                    a label selected by     | [{"op":"add","path":"/spec/podSelector/matchLabels","value":{"no":"pod"}}]
                    one expression more     | [{"op":"add","path":"/spec/podSelector/matchExpressions/-","value":{"key":"no","operator":"Exists"}}]
                    no selector             | [{"op":"replace","path":"/spec/podSelector","value":{}}]
                    a tenant added          | [{"op":"add","path":"/spec/podSelector/matchExpressions/0/values/-","value":"eve"}]
                    a tenant replaced       | [{"op":"replace","path":"/spec/podSelector/matchExpressions/0/values/0","value":"eve"}]
                    inwards as well         | [{"op":"add","path":"/spec/policyTypes/-","value":"Ingress"}]
                    inwards only            | [{"op":"replace","path":"/spec/policyTypes","value":["Ingress"]}]
                    an ingress rule         | [{"op":"add","path":"/spec/ingress","value":[{}]}]
                    our label removed       | [{"op":"remove","path":"/metadata/labels/opencrane.io~1policy"}]
                    another's label         | [{"op":"replace","path":"/metadata/labels/app.kubernetes.io~1managed-by","value":"me"}]
                    the uid removed         | [{"op":"remove","path":"/metadata/annotations/opencrane.io~1policy-uid"}]
                    """)
    void whatSomebodyEditsIsPutRightByOneReconcile(String what, String patch) {
        world.policy("lab", forTeam("research", ANYWHERE));
        GenericKubernetesResource before = world.live(network());
        world.json(network(), patch);
        assertThat(world.live(network()).getMetadata().getResourceVersion())
                .as(what)
                .isNotEqualTo(before.getMetadata().getResourceVersion());

        AccessPolicy policy = world.reconcile("lab");

        GenericKubernetesResource after = world.live(network());
        assertThat(after.<Object>get("spec")).isEqualTo(before.get("spec"));
        assertThat(after.getMetadata().getLabels())
                .isEqualTo(before.getMetadata().getLabels());
        assertThat(after.getMetadata().getAnnotations())
                .isEqualTo(before.getMetadata().getAnnotations());
        assertThat(condition(policy, "Ready")).isEqualTo("True");
        assertThat(world.writes(() -> world.reconcile("lab"))).isEmpty();
    }

    @Test
    void labelsOfOthersStay() {
        world.policy("lab", forTeam("research"));
        world.merge(
                network(), "{\"metadata\":{\"labels\":{\"cost-center\":\"42\"},\"annotations\":{\"seen\":\"yes\"}}}");

        assertThat(world.writes(() -> world.reconcile("lab"))).isEmpty();

        assertThat(world.live(network()).getMetadata().getLabels()).containsEntry("cost-center", "42");
    }

    @Test
    void whoFightsOverANetworkIsToldAndTheFightIsTakenUpAgain() {
        world.policy("lab", forTeam("research", ANYWHERE));
        String opened = "[{\"op\":\"add\",\"path\":\"/spec/egress/-\",\"value\":{}}]";
        for (int i = 0; i < 3; i++) {
            world.json(network(), opened);
            assertThat(condition(world.reconcile("lab"), "Ready")).isEqualTo("True");
        }
        world.json(network(), opened);

        AccessPolicy fought = world.reconcile("lab");

        assertThat(condition(fought, "NetworkApplied")).isEqualTo("NotConverging");
        assertThat(world.writes(() -> world.reconcile("lab"))).isEmpty();
        world.clock.advance(Duration.ofMinutes(11));
        assertThat(condition(world.reconcile("lab"), "Ready")).isEqualTo("True");
        assertThat(Rendered.egress(world.live(network()))).containsExactly("dns", "0.0.0.0/0!metadata tcp 443");
    }

    @Test
    void anObjectThatIsDeletedComesBack() {
        world.policy("lab", forTeam("research", ANYWHERE));
        world.objects().delete(network(), world.live(network()).getMetadata().getUid());

        world.reconcile("lab");

        assertThat(Rendered.tenants(world.live(network()))).containsExactly("ada");
    }

    @Test
    void anObjectThatLostItsLabelGoesWithItsLastTenantAllTheSame() {
        world.policy("lab", forTeam("research", ANYWHERE));
        world.json(network(), "[{\"op\":\"remove\",\"path\":\"/metadata/labels/opencrane.io~1policy\"}]");
        world.deleteTenant("ada");

        world.reconcile("lab");

        assertThat(world.networks(world.home)).isEmpty();
    }

    @Test
    void anObjectThatLostItsLabelGoesWithItsPolicyAllTheSame() {
        world.policy("lab", forTeam("research", ANYWHERE));
        world.json(network(), "[{\"op\":\"remove\",\"path\":\"/metadata/labels/opencrane.io~1policy\"}]");
        world.deletePolicy("lab");

        world.reconcile(new AccessPolicyId(world.home, "lab"));

        assertThat(world.findPolicy("lab")).isEmpty();
        assertThat(world.networks(world.home)).isEmpty();
    }

    @Test
    void anObjectOfSomebodyElseUnderOurNameIsNeverTouched() {
        world.objects().create(PolicyWorld.object(network(), Map.of("podSelector", Map.of())));
        String version = world.live(network()).getMetadata().getResourceVersion();

        AccessPolicy policy = world.policy("lab", forTeam("research"));

        assertThat(condition(policy, "NetworkApplied")).isEqualTo("NAME_TAKEN");
        assertThat(message(policy, "NetworkApplied"))
                .contains("AccessPolicy " + world.home + "/lab", "nobody of OpenCrane");
        world.deletePolicy("lab");
        world.deleteTenant("ada");
        world.reconcile(new AccessPolicyId(world.home, "lab"));
        assertThat(world.findPolicy("lab")).isEmpty();
        assertThat(world.live(network()).getMetadata().getResourceVersion()).isEqualTo(version);
    }

    /** Contract §7, 17. */
    @Test
    void anObjectOfTheDeployedPlatformIsTakenOver() {
        world.objects().create(platforms());

        AccessPolicy policy = world.policy("lab", forTeam("research", ANYWHERE));

        assertThat(condition(policy, "Ready")).isEqualTo("True");
        GenericKubernetesResource taken = world.live(network());
        assertThat(Rendered.tenants(taken)).containsExactly("ada");
        assertThat(Rendered.egress(taken)).containsExactly("dns", "0.0.0.0/0!metadata tcp 443");
        assertThat(taken.getMetadata().getManagedFields())
                .filteredOn(entry -> entry.getOperation().equals("Apply"))
                .extracting(ManagedFieldsEntry::getManager)
                .containsExactly("opencrane");
        assertThat(world.writes(() -> world.reconcile("lab"))).isEmpty();
        world.changePolicy("lab", forTeam("research"));
        assertThat(Rendered.egress(world.live(network())))
                .as("what the platform wrote is ours by now")
                .containsExactly("dns");
    }

    @Test
    void anObjectOfTheDeployedPlatformGoesWhereNobodyIsUnderThePolicy() {
        world.objects().create(platforms());

        world.policy("lab", forTeam("nobody"));

        assertThat(world.networks(world.home)).isEmpty();
    }

    private GenericKubernetesResource platforms() {
        GenericKubernetesResource object = PolicyWorld.object(
                network(),
                Map.of(
                        "podSelector",
                        Map.of("matchLabels", Map.of("opencrane.io/team", "research")),
                        "policyTypes",
                        List.of("Egress"),
                        "egress",
                        List.of(Map.of("to", List.of(Map.of("ipBlock", Map.of("cidr", "10.0.0.0/8")))))));
        object.getMetadata()
                .setLabels(Map.of(
                        "app.kubernetes.io/part-of", "opencrane",
                        "app.kubernetes.io/managed-by", "opencrane-operator",
                        "opencrane.io/policy", "lab"));
        return object;
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    open outwards          | [{"op":"add","path":"/spec/egress/-","value":{}}]
                    open inwards           | [{"op":"add","path":"/spec/ingress/-","value":{}}]
                    on fewer pods          | [{"op":"add","path":"/spec/podSelector/matchLabels/opencrane.io~1team","value":"x"}]
                    on fewer pods still    | [{"op":"add","path":"/spec/podSelector/matchExpressions","value":[{"key":"x","operator":"Exists"}]}]
                    inwards only           | [{"op":"replace","path":"/spec/policyTypes","value":["Ingress"]}]
                    """)
    void theFenceIsPutRightByTheNextReconcileOfATenant(String what, String patch) {
        ObjectRef fence = NetworkFence.tenantBaseline(world.home);
        GenericKubernetesResource before = world.live(fence);
        world.json(fence, patch);
        world.restart();

        world.reconcile(new TenantId(world.home, "ada"));

        assertThat(world.live(fence).<Object>get("spec")).as(what).isEqualTo(before.get("spec"));
    }
}
