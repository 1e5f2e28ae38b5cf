package io.opencrane.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.InstanceScope;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Restarting a tenant deletes its pods and nobody else's. */
abstract class PodCases extends ScopeCases {
    private void pod(String place, String name, Map<String, String> labels, Map<String, String> annotations) {
        // Without an account of its own a pod waits for the namespace's default one, which only a controller makes.
        objects()
                .create(Samples.object(
                        ObjectType.SERVICE_ACCOUNT, place, name, Map.of("automountServiceAccountToken", false)));
        GenericKubernetesResource pod = Samples.object(
                ObjectType.POD,
                place,
                name,
                Map.of(
                        "spec",
                        Map.of(
                                "serviceAccountName",
                                name,
                                "automountServiceAccountToken",
                                false,
                                "containers",
                                List.of(Map.of("name", "openclaw", "image", "example.com/openclaw:1")))));
        pod.getMetadata().setAnnotations(annotations);
        objects().create(Samples.labelled(pod, labels));
    }

    private Map<String, String> annotations(TenantId id, String uid) {
        return Map.of("opencrane.io/tenant-namespace", id.namespace(), "opencrane.io/tenant-uid", uid);
    }

    private List<String> pods(String place) {
        return objects().list(ObjectType.POD, place, Filter.all(), 100, null).items().stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .map(pod -> pod.getMetadata().getName())
                .toList();
    }

    @Test
    void exactlyTheTenantsPodsAreDeleted() {
        Tenant tenant = acme();
        String uid = tenant.metadata().uid();
        Map<String, String> label = Map.of("opencrane.io/tenant", "acme");
        pod(namespace(), "mine-1", label, annotations(tenant.id(), uid));
        pod(namespace(), "mine-2", label, annotations(tenant.id(), uid));
        pod(namespace(), "not-annotated", label, Map.of());
        pod(namespace(), "of-an-earlier-tenant", label, annotations(tenant.id(), "0f0f0f0f"));
        pod(namespace(), "of-another-namespace", label, annotations(new TenantId("elsewhere", "acme"), uid));
        pod(namespace(), "not-labelled", Map.of(), annotations(tenant.id(), uid));
        assertThat(cluster(InstanceScope.namespace(namespace())).deletePods(tenant))
                .isEqualTo(2);
        assertThat(pods(namespace()))
                .containsExactly("not-annotated", "not-labelled", "of-an-earlier-tenant", "of-another-namespace");
    }

    @Test
    void podsAreSoughtWhereTheTenantWasPlaced() {
        String bound = namespace() + "-bound";
        objects().create(Samples.namespace(bound));
        Tenant made = acme();
        Tenant placed = made.withStatus(
                made.status().toBuilder().placement(new Placement("", bound)).build());
        Map<String, String> label = Map.of("opencrane.io/tenant", "acme");
        pod(namespace(), "old", label, annotations(made.id(), made.metadata().uid()));
        pod(bound, "new", label, annotations(made.id(), made.metadata().uid()));
        assertThat(cluster(InstanceScope.namespace(namespace())).deletePods(placed))
                .isEqualTo(1);
        assertThat(pods(bound)).isEmpty();
        assertThat(pods(namespace())).containsExactly("old");
    }

    @Test
    void aTenantWithoutPodsHasNoneDeleted() {
        assertThat(cluster(InstanceScope.namespace(namespace())).deletePods(acme()))
                .isZero();
    }
}
