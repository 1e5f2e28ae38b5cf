package io.opencrane.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.AccessPolicyStatus;
import io.opencrane.api.policy.Domains;
import io.opencrane.api.policy.EgressRule;
import io.opencrane.api.policy.TenantSelector;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.OpenCrane;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.apply.ChildChange;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.k8s.reconcile.AccessPolicyReconciler;
import io.opencrane.k8s.reconcile.TenantReconciler;
import io.opencrane.testkit.cluster.InMemoryCluster;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a host's own unit test of policies looks like. */
@OpenCraneTest
class PolicyTest {
    private static final AccessPolicyId WEB = new AccessPolicyId("opencrane", "web");
    private static final ObjectRef NETWORK_POLICY =
            ObjectType.NETWORK_POLICY.named("opencrane", "opencrane-policy-web");
    private static final ObjectRef CILIUM_POLICY =
            ObjectType.CILIUM_NETWORK_POLICY.named("opencrane", "opencrane-policy-web");

    @BeforeEach
    void engineersMayReachOneNetworkAndOneSite(
            OpenCrane openCrane, KubernetesCluster cluster, TenantReconciler tenants) {
        AccessPolicySpec spec = AccessPolicySpec.builder()
                .tenantSelector(new TenantSelector(Map.of(), "engineering"))
                .egressRules(List.of(new EgressRule("10.20.0.0/16", List.of(443), EgressRule.Protocol.TCP)))
                .domains(new Domains(List.of("example.com"), List.of(), true))
                .build();
        cluster.resources()
                .create(new AccessPolicy(ResourceMetadata.of("opencrane", "web"), spec, AccessPolicyStatus.empty()));
        for (String team : List.of("engineering", "sales")) {
            openCrane
                    .tenants()
                    .create(NewTenant.builder("of-" + team, "One of " + team, "one@example.com")
                            .team(team)
                            .build());
            tenants.reconcile(new TenantId("opencrane", "of-" + team));
        }
    }

    private static Object selected(GenericKubernetesResource policy, String selector) {
        return policy.get("spec", selector, "matchExpressions", 0, "values");
    }

    @Test
    void aNetworkPolicySelectsTheTenantsUnderIt(AccessPolicyReconciler policies, InMemoryCluster cluster) {
        AccessPolicy web = policies.reconcile(WEB).policy().orElseThrow();

        GenericKubernetesResource network =
                cluster.objects().get(NETWORK_POLICY).orElseThrow();
        assertThat(selected(network, "podSelector")).isEqualTo(List.of("of-engineering"));
        assertThat(network.<List<Object>>get("spec", "egress"))
                .hasSize(2)
                .last()
                .asString()
                .contains("10.20.0.0/16");
        assertThat(web.status().conditions())
                .filteredOn(condition -> condition.type().equals(AccessPolicyStatus.DOMAINS_ENFORCED))
                .singleElement()
                .matches(condition -> !condition.isTrue(), "there is no Cilium");
        assertThat(policies.reconcile(WEB).changes())
                .isNotEmpty()
                .allMatch(change -> change.action() == ChildChange.Action.UNCHANGED);
    }

    @Test
    void withCiliumItsNamesAreOpenToo(AccessPolicyReconciler policies, InMemoryCluster cluster) {
        cluster.serve(ObjectType.CILIUM_NETWORK_POLICY);

        AccessPolicy web = policies.reconcile(WEB).policy().orElseThrow();

        GenericKubernetesResource names = cluster.objects().get(CILIUM_POLICY).orElseThrow();
        assertThat(selected(names, "endpointSelector")).isEqualTo(List.of("of-engineering"));
        assertThat(names.<Object>get("spec", "egress", 1, "toFQDNs"))
                .isEqualTo(List.of(Map.of("matchName", "example.com")));
        assertThat(web.status().opensNames()).isTrue();
    }

    @Test
    void whereNoTenantIsLeftNothingIsLeft(
            AccessPolicyReconciler policies, TenantReconciler tenants, OpenCrane openCrane, InMemoryCluster cluster) {
        policies.reconcile(WEB);
        TenantId leaving = new TenantId("opencrane", "of-engineering");
        openCrane.tenants().delete(leaving);
        tenants.reconcile(leaving);

        policies.reconcile(WEB);

        assertThat(cluster.objects().get(NETWORK_POLICY)).isEmpty();
    }
}
