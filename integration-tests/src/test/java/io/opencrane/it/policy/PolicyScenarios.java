package io.opencrane.it.policy;

import static io.opencrane.it.policy.PolicyWorld.condition;
import static io.opencrane.it.policy.PolicyWorld.forTeam;
import static io.opencrane.it.policy.PolicyWorld.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.EgressRule;
import io.opencrane.api.policy.EgressRule.Protocol;
import io.opencrane.api.policy.TenantSelector;
import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.k8s.blueprint.NetworkFence;
import io.opencrane.k8s.object.ObjectStore;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What policies put into force for the tenants that are under them, on a real API server and on the fake alike. */
abstract class PolicyScenarios {
    static final EgressRule OFFICE = new EgressRule("10.20.0.0/16", List.of(443), Protocol.TCP);
    static final EgressRule MAIL = new EgressRule("10.30.0.25/32", List.of(25, 587), Protocol.TCP);

    final PolicyWorld world = PolicyWorld.fresh();

    /** A cluster with our CRDs and these namespaces. */
    abstract ObjectStore startObjects(List<String> namespaces);

    @BeforeEach
    void start() {
        world.on(startObjects(List.of(world.home, world.second, bound())));
    }

    /** The namespace of customer {@link #customer}. */
    private String bound() {
        return "opencrane-" + customer();
    }

    private String customer() {
        return "c-" + world.home;
    }

    @Test
    void aPolicySelectsExactlyTheTenantsThatResolveToIt() {
        world.tenant("ada", spec -> spec.team("research"));
        world.tenant("bob", spec -> spec.team("research"));
        world.tenant("eve", spec -> spec.team("sales"));

        AccessPolicy policy = world.policy("lab", forTeam("research", MAIL, OFFICE));

        GenericKubernetesResource network = world.live(world.network("lab"));
        assertThat(Rendered.tenants(network)).containsExactly("ada", "bob");
        assertThat(Rendered.egress(network))
                .containsExactlyInAnyOrder("dns", "10.20.0.0/16 tcp 443", "10.30.0.25/32 tcp 25,587");
        assertThat(network.<List<String>>get("spec", "policyTypes")).containsExactly("Egress");
        assertThat(network.getMetadata().getLabels())
                .isEqualTo(Map.of(
                        "app.kubernetes.io/part-of", "opencrane",
                        "app.kubernetes.io/managed-by", "opencrane-operator",
                        "opencrane.io/policy", "lab"));
        assertThat(network.getMetadata().getAnnotations())
                .isEqualTo(Map.of(
                        "opencrane.io/policy-namespace",
                        world.home,
                        "opencrane.io/policy-uid",
                        policy.metadata().uid()));
        assertThat(condition(policy, "Ready")).isEqualTo("True");
        assertThat(condition(policy, "Accepted")).isEqualTo("True");
        assertThat(condition(policy, "NetworkApplied")).isEqualTo("True");
        assertThat(condition(policy, "DomainsEnforced")).isEqualTo("-");
        assertThat(policy.status().observedGeneration()).isEqualTo(1);
        assertThat(policy.status().placements()).containsExactly(new Placement("", world.home));
        assertThat(policy.metadata().finalizers()).containsExactly("opencrane.io/cleanup");
    }

    @Test
    void aPolicyWithoutTenantsMakesNothingAndIsReady() {
        AccessPolicy policy = world.policy("lab", forTeam("research"));

        assertThat(world.networks(world.home)).isEmpty();
        assertThat(condition(policy, "Ready")).isEqualTo("True");
        assertThat(policy.metadata().finalizers()).isEmpty();
        assertThat(policy.status().placements()).isEmpty();
    }

    @Test
    void rulesThatChangeOrGoDoSoInTheNetwork() {
        world.tenant("ada", spec -> spec.team("research"));
        world.policy("lab", forTeam("research", MAIL, OFFICE));

        world.changePolicy(
                "lab",
                spec -> spec.egressRules(List.of(MAIL, new EgressRule("10.21.0.0/16", List.of(8443), Protocol.UDP))));
        assertThat(egress("lab")).containsExactlyInAnyOrder("dns", "10.21.0.0/16 udp 8443", "10.30.0.25/32 tcp 25,587");

        world.changePolicy("lab", spec -> spec.egressRules(List.of(MAIL)));
        assertThat(egress("lab")).containsExactly("dns", "10.30.0.25/32 tcp 25,587");

        AccessPolicy empty = world.changePolicy("lab", spec -> spec.egressRules(List.of()));
        assertThat(egress("lab")).containsExactly("dns");
        assertThat(empty.status().observedGeneration()).isEqualTo(4);
        assertThat(condition(empty, "Ready")).isEqualTo("True");
    }

    @Test
    void aSelectorThatChangesTakesTheNetworkWithItAndTheLastTenantTheObject() {
        world.tenant("ada", spec -> spec.team("research"));
        world.tenant("eve", spec -> spec.team("sales"));
        world.policy("lab", forTeam("research"));

        world.changePolicy("lab", forTeam("sales"));
        assertThat(tenants("lab")).containsExactly("eve");

        AccessPolicy nobodys = world.changePolicy("lab", spec -> spec.tenantSelector(TenantSelector.NONE));
        assertThat(world.networks(world.home)).isEmpty();
        assertThat(nobodys.status().placements()).isEmpty();
    }

    @Test
    void aTenantThatComesOrGoesCostsOneWrite() {
        world.tenant("ada", spec -> spec.team("research"));
        world.policy("lab", forTeam("research"));
        world.tenant("bob", spec -> spec.team("research"));

        assertThat(world.writes(() -> world.reconcile("lab"))).hasSize(1);
        assertThat(tenants("lab")).containsExactly("ada", "bob");

        world.deleteTenant("ada");
        assertThat(world.writes(() -> world.reconcile("lab"))).hasSize(1);
        assertThat(tenants("lab")).containsExactly("bob");
    }

    /** Contract §7, 18. */
    @Test
    void aTenantThatNamesThePolicyIsUnderItWhateverTheSelectorSays() {
        world.policy("lab", forTeam("research"));
        world.policy("strict", forTeam("nobody"));
        world.tenant("ada", spec -> spec.team("research").policyRef("strict"));

        world.reconcile("lab");
        world.reconcile("strict");

        assertThat(tenants("strict")).containsExactly("ada");
        assertThat(world.networks(world.home)).containsExactly("opencrane-policy-strict");
    }

    @Test
    void betweenTwoPoliciesARunningTenantKeepsTheOneItHasAndANewOneDoesNotStart() {
        world.policy("lab", forTeam("research"));
        world.tenant("ada", spec -> spec.team("research"));
        world.reconcile("lab");
        world.createPolicy(new AccessPolicyId(world.home, "lab-b"), forTeam("research"));

        Tenant ada = world.reconcile(new TenantId(world.home, "ada"));
        Tenant bob = world.tenant("bob", spec -> spec.team("research"));
        world.reconcile("lab");
        world.reconcile("lab-b");

        assertThat(ada.status().effectivePolicyRef()).isEqualTo("lab");
        assertThat(bob.status().phase()).isEqualTo(TenantPhase.ERROR);
        assertThat(bob.status().message()).contains("lab, lab-b");
        assertThat(tenants("lab")).containsExactly("ada");
        assertThat(world.networks(world.home)).containsExactly("opencrane-policy-lab");
    }

    @Test
    void aPolicyThatIsDeletedGoesWithAllThatItMade() {
        world.tenant("ada", spec -> spec.team("research"));
        world.policy("lab", forTeam("research", OFFICE));
        world.deletePolicy("lab");

        world.reconcile(new AccessPolicyId(world.home, "lab"));

        assertThat(world.findPolicy("lab")).isEmpty();
        assertThat(world.networks(world.home)).isEmpty();
        assertThat(world.live(NetworkFence.tenantBaseline(world.home)))
                .as("the fence stays")
                .isNotNull();
    }

    @Test
    void aDeletedPolicyThatTenantsNameStaysInForceForThemUntilTheyHaveAnother() {
        world.policy("strict", spec -> spec.egressRules(List.of(OFFICE)));
        world.tenant("ada", spec -> spec.policyRef("strict"));
        world.reconcile("strict");
        world.deletePolicy("strict");
        Tenant kept = world.reconcile(new TenantId(world.home, "ada"));

        AccessPolicy held = world.reconcile("strict");

        assertThat(kept.status().effectivePolicyRef()).isEqualTo("strict");
        assertThat(condition(held, "TenantsGone")).isEqualTo("IN_USE");
        assertThat(message(held, "TenantsGone")).contains("ada");
        assertThat(condition(held, "Ready")).isEqualTo("IN_USE");
        assertThat(tenants("strict")).containsExactly("ada");
        assertThat(world.writes(() -> world.reconcile("strict"))).isEmpty();

        world.tenant("bob", spec -> spec.policyRef("strict"));
        world.reconcile("strict");
        assertThat(tenants("strict")).as("a new tenant does not start under it").containsExactly("ada");

        world.changeTenant("ada", spec -> spec.policyRef(null));
        world.reconcile(new AccessPolicyId(world.home, "strict"));
        assertThat(world.findPolicy("strict")).isEmpty();
        assertThat(world.networks(world.home)).isEmpty();
    }

    @Test
    void aPolicyThatWasTakenAwayByForceIsClearedUpButNotForWhomKeepsIt() {
        world.policy("lab", forTeam("research"));
        world.policy("strict", spec -> spec.egressRules(List.of(OFFICE)));
        world.tenant("ada", spec -> spec.policyRef("strict"));
        world.tenant("bob", spec -> spec.team("research"));
        world.reconcile("lab");
        world.reconcile("strict");
        for (String name : List.of("lab", "strict")) {
            world.deletePolicy(name);
            world.direct().resources().removeFinalizer(world.findPolicy(name).orElseThrow());
            assertThat(world.findPolicy(name)).isEmpty();
        }
        world.reconcile(new TenantId(world.home, "ada"));
        world.reconcile(new TenantId(world.home, "bob"));

        for (String name : List.of("lab", "strict")) {
            assertThat(world.reconcile(new AccessPolicyId(world.home, name)).policy())
                    .isEmpty();
        }

        assertThat(world.networks(world.home)).containsExactly("opencrane-policy-strict");
        assertThat(tenants("strict")).containsExactly("ada");
        assertThat(egress("strict")).containsExactly("dns", "10.20.0.0/16 tcp 443");
    }

    @Test
    void tenantsRunInTheirCustomersNamespaceAndThePolicyIsThereToo() {
        world.customer(customer(), bound(), IsolationTier.SHARED);
        world.tenant("ada", spec -> spec.team("research"));
        world.tenant("bob", spec -> spec.team("research").clusterTenantRef(customer()));

        AccessPolicy policy = world.policy("lab", forTeam("research"));

        assertThat(tenants("lab")).containsExactly("ada");
        assertThat(Rendered.tenants(world.live(PolicyWorld.network(bound(), "lab"))))
                .containsExactly("bob");
        assertThat(policy.status().placements())
                .containsExactlyInAnyOrder(new Placement("", world.home), new Placement("", bound()));

        world.deleteTenant("bob");
        AccessPolicy left = world.reconcile("lab");

        assertThat(world.networks(bound())).isEmpty();
        assertThat(tenants("lab")).containsExactly("ada");
        assertThat(left.status().placements()).containsExactly(new Placement("", world.home));
    }

    @Test
    void aPolicyWhoseNameNoLabelCanHoldIsRefusedInWords() {
        String name = "p".repeat(64);
        world.createTenant(new TenantId(world.home, "ada"), spec -> spec.policyRef(name));

        AccessPolicy policy = world.policy(name, spec -> spec.egressRules(List.of(OFFICE)));

        assertThat(condition(policy, "Accepted")).isEqualTo("NAME_TOO_LONG");
        assertThat(condition(policy, "Ready")).isEqualTo("NAME_TOO_LONG");
        assertThat(world.networks(world.home)).isEmpty();
        world.deletePolicy(name);
        world.reconcile(new AccessPolicyId(world.home, name));
        assertThat(world.findPolicy(name)).isEmpty();
    }

    @Test
    void aTenantThatWaitsForItsCustomerHasNoObjectAnywhere() {
        world.tenant("bob", spec -> spec.team("research").clusterTenantRef(customer()));

        AccessPolicy policy = world.policy("lab", forTeam("research"));

        assertThat(world.networks(world.home)).isEmpty();
        assertThat(policy.status().placements()).isEmpty();
    }

    @Test
    void twoPoliciesOfOneNameMeetInOneNamespaceAndOneOfThemIsTold() {
        world.customer(customer(), bound(), IsolationTier.SHARED);
        AccessPolicyId here = new AccessPolicyId(world.home, "lab");
        AccessPolicyId there = new AccessPolicyId(world.second, "lab");
        world.tenant("ada", spec -> spec.team("research").clusterTenantRef(customer()));
        world.tenant(
                new TenantId(world.second, "bob"), spec -> spec.team("research").clusterTenantRef(customer()));
        world.tenant(new TenantId(world.second, "cyd"), spec -> spec.team("research"));
        world.policy(here, forTeam("research"));

        AccessPolicy told = world.policy(there, forTeam("research"));

        assertThat(condition(told, "NetworkApplied")).isEqualTo("NAME_TAKEN");
        assertThat(message(told, "NetworkApplied")).contains("AccessPolicy " + there, "AccessPolicy " + here);
        assertThat(condition(told, "Ready")).isEqualTo("NAME_TAKEN");
        assertThat(Rendered.tenants(world.live(PolicyWorld.network(bound(), "lab"))))
                .as("the first one's")
                .containsExactly("ada");
        assertThat(Rendered.tenants(world.live(PolicyWorld.network(world.second, "lab"))))
                .as("the other place is put right")
                .containsExactly("cyd");
        assertThat(world.writes(() -> world.reconcile(there))).isEmpty();
        assertThat(world.writes(() -> world.reconcile(here))).isEmpty();
    }

    @Test
    void anOldCopyDoesNotBringARemovedRuleBack() {
        world.tenant("ada", spec -> spec.team("research"));
        AccessPolicy copy = world.policy("lab", forTeam("research", OFFICE));
        world.changePolicy("lab", spec -> spec.egressRules(List.of()));

        assertThatThrownBy(() -> world.reconcile(copy)).isInstanceOf(OpenCraneException.class);

        assertThat(egress("lab")).containsExactly("dns");
    }

    @Test
    void anIdlePolicyCostsNoWrite() {
        world.customer(customer(), bound(), IsolationTier.SHARED);
        world.tenant("ada", spec -> spec.team("research"));
        world.tenant("bob", spec -> spec.team("research").clusterTenantRef(customer()));
        world.policy("lab", forTeam("research", OFFICE, MAIL));
        world.restart();

        assertThat(world.writes(() -> {
                    for (int i = 0; i < 20; i++) {
                        world.reconcile("lab");
                    }
                }))
                .isEmpty();
    }

    private List<String> tenants(String policy) {
        return Rendered.tenants(world.live(world.network(policy)));
    }

    private List<String> egress(String policy) {
        return Rendered.egress(world.live(world.network(policy)));
    }
}
