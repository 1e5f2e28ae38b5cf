package io.opencrane.it.policy;

import static io.opencrane.it.policy.PolicyWorld.condition;
import static io.opencrane.it.policy.PolicyWorld.forTeam;
import static io.opencrane.it.policy.PolicyWorld.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.Domains;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Domain names, which take Cilium: where it is absent, where it comes and goes, and what cannot be expressed in it. */
abstract class CiliumScenarios {
    final PolicyWorld world = PolicyWorld.fresh();

    /** A cluster with our CRDs and these namespaces, without Cilium. */
    abstract ObjectStore startObjects(List<String> namespaces);

    /** From now on {@code cilium.io/v2} is served. */
    abstract void installCilium();

    @BeforeEach
    void start() {
        world.on(startObjects(List.of(world.home, world.second)));
        world.tenant("ada", spec -> spec.team("research"));
    }

    private static UnaryOperator<AccessPolicySpec.Builder> names(List<String> allow, List<String> deny) {
        return spec -> forTeam("research", PolicyScenarios.OFFICE).apply(spec).domains(new Domains(allow, deny, true));
    }

    private ObjectRef cilium() {
        return PolicyWorld.cilium(world.home, "lab");
    }

    private List<String> names() {
        return Rendered.names(world.live(cilium()));
    }

    @Test
    void withoutCiliumDomainNamesAreClosedAndItIsToldWhereAndTheNetworksAreOpen() {
        AccessPolicy policy = world.policy("lab", names(List.of("github.com"), List.of()));

        assertThat(condition(policy, "DomainsEnforced")).isEqualTo("CiliumAbsent");
        assertThat(message(policy, "DomainsEnforced")).contains(world.home);
        assertThat(condition(policy, "Ready")).isEqualTo("CiliumAbsent");
        assertThat(condition(policy, "NetworkApplied")).isEqualTo("True");
        assertThat(Rendered.egress(world.live(world.network("lab")))).containsExactly("dns", "10.20.0.0/16 tcp 443");
        assertThat(world.reconcile(policy).requeueAfter()).contains(Duration.ofMinutes(5));
        assertThat(world.writes(() -> world.reconcile("lab"))).isEmpty();
    }

    @Test
    void aPolicyWithoutDomainsNeedsNoCilium() {
        AccessPolicy policy = world.policy("lab", forTeam("research", PolicyScenarios.OFFICE));

        assertThat(condition(policy, "DomainsEnforced")).isEqualTo("-");
        assertThat(condition(policy, "Ready")).isEqualTo("True");
        assertThat(world.reconcile(policy).requeueAfter()).isEmpty();
    }

    @Test
    void whenCiliumComesNamesAreInForceAtTheNextReconcile() {
        world.policy("lab", names(List.of("github.com", "*.github.com", "*"), List.of()));
        installCilium();

        AccessPolicy policy = world.reconcile("lab");

        assertThat(condition(policy, "DomainsEnforced")).isEqualTo("True");
        assertThat(condition(policy, "Ready")).isEqualTo("True");
        GenericKubernetesResource object = world.live(cilium());
        assertThat(Rendered.tenants(object)).containsExactly("ada");
        assertThat(Rendered.names(object)).containsExactly("github.com", "*.github.com", "*");
        assertThat(object.getMetadata().getLabels())
                .isEqualTo(world.live(world.network("lab")).getMetadata().getLabels());
        assertThat(object.getMetadata().getAnnotations())
                .isEqualTo(world.live(world.network("lab")).getMetadata().getAnnotations());
        assertThat(world.reconcile(policy).requeueAfter())
                .as("nobody watches the objects of Cilium")
                .contains(Duration.ofMinutes(5));
        world.restart();
        assertThat(world.writes(() -> world.reconcile("lab"))).isEmpty();
    }

    @Test
    void namesThatGoTakeTheObjectWithThem() {
        installCilium();
        world.policy("lab", names(List.of("github.com", "example.com"), List.of()));

        world.changePolicy("lab", names(List.of("example.com"), List.of()));
        assertThat(names()).containsExactly("example.com");

        AccessPolicy none = world.changePolicy("lab", spec -> spec.domains(Domains.DEFAULT));
        assertThat(world.objects().get(cilium())).isEmpty();
        assertThat(condition(none, "DomainsEnforced")).isEqualTo("-");
    }

    @Test
    void aDeletedPolicyTakesItsNamesWithIt() {
        installCilium();
        world.policy("lab", names(List.of("github.com"), List.of()));
        world.deletePolicy("lab");

        world.reconcile(new AccessPolicyId(world.home, "lab"));

        assertThat(world.findPolicy("lab")).isEmpty();
        assertThat(world.objects().get(cilium())).isEmpty();
    }

    @Test
    void aDenyTakesAwayWhatItCoversAndNeedsNoWord() {
        installCilium();
        AccessPolicy policy =
                world.policy("lab", names(List.of("api.github.com", "github.com"), List.of("*.github.com")));

        assertThat(names()).containsExactly("github.com");
        assertThat(condition(policy, "DomainsEnforced")).isEqualTo("True");
    }

    @Test
    void anAllowedPatternThatADenyLiesWithinIsClosedAndItIsTold() {
        installCilium();
        AccessPolicy policy =
                world.policy("lab", names(List.of("*.github.com", "example.com"), List.of("evil.github.com")));

        assertThat(names()).containsExactly("example.com");
        assertThat(condition(policy, "DomainsEnforced")).isEqualTo("DenyNotExpressible");
        assertThat(message(policy, "DomainsEnforced")).contains("spec.domains.allow[0]", "evil.github.com");
        assertThat(condition(policy, "Accepted")).isEqualTo("True");
        assertThat(condition(policy, "Ready")).isEqualTo("DenyNotExpressible");
    }

    @Test
    void aDenyThatCannotBeReadClosesEveryName() {
        installCilium();
        AccessPolicy policy = world.policy("lab", names(List.of("github.com"), List.of("https://evil.com")));

        assertThat(world.objects().get(cilium())).isEmpty();
        assertThat(condition(policy, "DomainsEnforced")).isEqualTo("DenyMalformed");
        assertThat(message(policy, "DomainsEnforced")).contains("spec.domains.deny[0]");
        assertThat(condition(policy, "Accepted")).isEqualTo("Malformed");
    }

    @Test
    void withoutDefaultDenyTheInternetIsOpenOnHttpsWithoutCilium() {
        AccessPolicy policy = world.policy(
                "lab", spec -> forTeam("research").apply(spec).domains(new Domains(List.of(), List.of(), false)));

        assertThat(Rendered.egress(world.live(world.network("lab"))))
                .containsExactly(
                        "dns",
                        "0.0.0.0/0!10.0.0.0/8!100.64.0.0/10!127.0.0.0/8!168.63.129.16/32!169.254.0.0/16!172.16.0.0/12"
                                + "!192.0.0.192/32!192.168.0.0/16 tcp 443");
        assertThat(condition(policy, "DomainsEnforced")).isEqualTo("True");
    }

    @Test
    void whatSomebodyAddsToTheNamesGoesAgain() {
        installCilium();
        world.policy("lab", names(List.of("github.com"), List.of()));
        Object before = world.live(cilium()).get("spec");
        for (String patch : List.of(
                "[{\"op\":\"add\",\"path\":\"/spec/egress/-\",\"value\":{\"toEntities\":[\"world\"]}}]",
                "[{\"op\":\"add\",\"path\":\"/spec/egress/1/toFQDNs/-\",\"value\":{\"matchName\":\"evil.com\"}}]",
                "[{\"op\":\"add\",\"path\":\"/spec/ingress\",\"value\":[{}]}]",
                "[{\"op\":\"add\",\"path\":\"/spec/endpointSelector/matchLabels\",\"value\":{\"no\":\"pod\"}}]")) {
            world.json(cilium(), patch);
            world.restart();
            AccessPolicy policy = world.reconcile("lab");
            assertThat(world.live(cilium()).<Object>get("spec")).as(patch).isEqualTo(before);
            assertThat(condition(policy, "Ready")).isEqualTo("True");
        }
        world.restart();
        assertThat(world.writes(() -> world.reconcile("lab"))).isEmpty();
    }
}
