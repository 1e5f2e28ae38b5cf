package io.opencrane.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.core.InstanceScope;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectStore.Force;
import io.opencrane.k8s.object.ObjectStore.PatchType;
import io.opencrane.k8s.object.ObjectStore.Target;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.testkit.TestClock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FakeKubeletTest {
    private static final ObjectRef DEPLOYMENT = ObjectType.DEPLOYMENT.named("opencrane", "d");

    private final ObjectStore objects = InMemoryCluster.create(
                    InstanceScope.namespace("opencrane"), TestClock.at("2026-01-01T00:00:00Z"))
            .objects();
    private final FakeKubelet kubelet = FakeKubelet.withControllers(objects);

    @Test
    void aDeploymentBecomesAvailable() {
        apply("Recreate", 1, "example.com/a:1");
        assertThat(kubelet.runOnce()).isEqualTo(1);
        assertThat(status("observedGeneration")).isEqualTo(1);
        assertThat(status("readyReplicas")).isEqualTo(1);
        assertThat(status("updatedReplicas")).isEqualTo(1);
        assertThat(status("availableReplicas")).isEqualTo(1);
        assertThat(status("unavailableReplicas")).isNull();
        assertThat(pods()).hasSize(1);
        assertThat(pods().get(0).<String>get("status", "phase")).isEqualTo("Running");
    }

    @Test
    void aSecondStepChangesNothing() {
        apply("Recreate", 1, "example.com/a:1");
        kubelet.runOnce();
        String version = objects.get(DEPLOYMENT).orElseThrow().getMetadata().getResourceVersion();
        assertThat(kubelet.runOnce()).isZero();
        assertThat(objects.get(DEPLOYMENT).orElseThrow().getMetadata().getResourceVersion())
                .isEqualTo(version);
    }

    @Test
    void recreateReplacesThePodInOneStep() {
        apply("Recreate", 1, "example.com/a:1");
        kubelet.runOnce();
        String before = pods().get(0).getMetadata().getName();
        apply("Recreate", 1, "example.com/a:2");
        kubelet.holdPods().runOnce();
        assertThat(pods()).hasSize(1);
        assertThat(pods().get(0).getMetadata().getName()).isNotEqualTo(before);
        assertThat(status("observedGeneration")).isEqualTo(2);
        assertThat(status("availableReplicas")).isNull();
        assertThat(status("unavailableReplicas")).isEqualTo(1);
        kubelet.runPods().runOnce();
        assertThat(status("availableReplicas")).isEqualTo(1);
    }

    @Test
    void aRollingUpdateKeepsTheOldPodUntilTheNewOneIsReady() {
        apply("RollingUpdate", 1, "example.com/a:1");
        kubelet.runOnce();
        apply("RollingUpdate", 1, "example.com/a:2");
        kubelet.holdPods().runOnce();
        assertThat(pods()).hasSize(2);
        assertThat(status("availableReplicas")).isEqualTo(1);
        assertThat(status("updatedReplicas")).isEqualTo(1);
        kubelet.runPods().runOnce();
        kubelet.runOnce();
        assertThat(pods()).hasSize(1);
    }

    @Test
    void zeroReplicasHaveNoPods() {
        apply("Recreate", 1, "example.com/a:1");
        kubelet.runOnce();
        apply("Recreate", 0, "example.com/a:1");
        kubelet.runOnce();
        assertThat(pods()).isEmpty();
        assertThat(status("replicas")).isNull();
    }

    @Test
    void aFailingPodIsNotReadyUntilItRunsAgain() {
        apply("Recreate", 1, "example.com/a:1");
        kubelet.failPods(pod -> pod.name().startsWith("d-")).runOnce();
        assertThat(status("availableReplicas")).isNull();
        assertThat(kubelet.runOnce()).isZero();
        kubelet.runPods().runOnce();
        assertThat(status("availableReplicas")).isEqualTo(1);
        kubelet.failPods(pod -> true).runOnce();
        assertThat(status("availableReplicas")).isNull();
    }

    @Test
    void aDeletedDeploymentTakesItsPodsAndAMountedClaimWaitsForThem() {
        objects.create(Samples.object(
                ObjectType.PERSISTENT_VOLUME_CLAIM,
                "opencrane",
                "state",
                Map.of(
                        "spec",
                        Map.of(
                                "accessModes", List.of("ReadWriteOnce"),
                                "resources", Map.of("requests", Map.of("storage", "1Gi"))))));
        apply("Recreate", 1, "example.com/a:1");
        objects.patch(
                DEPLOYMENT,
                Target.OBJECT,
                PatchType.MERGE,
                "{\"spec\":{\"template\":{\"spec\":{\"volumes\":[{\"name\":\"v\",\"persistentVolumeClaim\":{\"claimName\":\"state\"}}]}}}}");
        kubelet.runOnce();
        ObjectRef claim = ObjectType.PERSISTENT_VOLUME_CLAIM.named("opencrane", "state");
        GenericKubernetesResource bound = objects.get(claim).orElseThrow();
        assertThat(bound.<String>get("status", "phase")).isEqualTo("Bound");
        objects.delete(claim, bound.getMetadata().getUid());
        assertThat(objects.get(claim).orElseThrow().getMetadata().getDeletionTimestamp())
                .isNotNull();
        objects.delete(
                DEPLOYMENT, objects.get(DEPLOYMENT).orElseThrow().getMetadata().getUid());
        assertThat(pods()).isEmpty();
        assertThat(objects.get(claim)).isEmpty();
    }

    private void apply(String strategy, int replicas, String image) {
        GenericKubernetesResource deployment = Samples.object(
                ObjectType.DEPLOYMENT,
                "opencrane",
                "d",
                Map.of(
                        "spec",
                        Map.of(
                                "replicas", replicas,
                                "strategy", Map.of("type", strategy),
                                "selector", Map.of("matchLabels", Map.of("a", "b")),
                                "template",
                                        Map.of(
                                                "metadata", Map.of("labels", Map.of("a", "b")),
                                                "spec",
                                                        Map.of(
                                                                "containers",
                                                                List.of(Map.of("name", "c", "image", image)))))));
        objects.apply(deployment, "opencrane", Force.NO);
    }

    private Object status(String name) {
        return objects.get(DEPLOYMENT).orElseThrow().get("status", name);
    }

    private List<GenericKubernetesResource> pods() {
        return objects.list(ObjectType.POD, "opencrane", Filter.all(), 100, null)
                .items();
    }
}
