package io.opencrane.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.opencrane.core.InstanceScope;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectStore.Chunk;
import io.opencrane.k8s.object.ObjectStore.Force;
import io.opencrane.k8s.object.ObjectStore.PatchType;
import io.opencrane.k8s.object.ObjectStore.Target;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.testkit.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What the shared contract tests cannot ask of every cluster. */
class InMemoryClusterTest {
    private static final ObjectType CILIUM =
            new ObjectType("cilium.io/v2", "CiliumNetworkPolicy", "ciliumnetworkpolicies", true);

    private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
    private final InMemoryCluster cluster = InMemoryCluster.create(InstanceScope.namespace("opencrane"), clock);
    private final ObjectStore objects = cluster.objects();

    @Test
    void theNamespacesOfTheScopeAreThere() {
        InMemoryCluster two = InMemoryCluster.create(InstanceScope.namespaces("a", "b"), clock);
        assertThat(names(two.objects().list(ObjectType.NAMESPACE, "", Filter.all(), 10, null)))
                .containsExactly("a", "b");
        InMemoryCluster whole = InMemoryCluster.create(InstanceScope.wholeCluster("home"), clock);
        whole.createNamespace("home");
        assertThat(names(whole.objects().list(ObjectType.NAMESPACE, "", Filter.all(), 10, null)))
                .containsExactly("home");
    }

    @Test
    void aKindThatIsNotServedIsRefusedByNameUntilItIs() {
        GenericKubernetesResource policy =
                Samples.object(CILIUM, "opencrane", "p", Map.of("spec", Map.of("anything", List.of(1))));
        assertThatThrownBy(() -> objects.create(policy))
                .hasMessageStartingWith("DEPENDENCY_NOT_CONFIGURED")
                .hasMessageContaining("Deployment");
        cluster.serve(CILIUM);
        objects.apply(policy, "opencrane", Force.NO);
        assertThat(objects.get(CILIUM.named("opencrane", "p")).orElseThrow().<Object>get("spec", "anything"))
                .isEqualTo(List.of(1));
    }

    @Test
    void aDeletedNamespaceTakesItsContentsAndWaitsForFinalizers() {
        objects.create(Samples.configMap("opencrane", "plain", Map.of()));
        GenericKubernetesResource held = Samples.configMap("opencrane", "held", Map.of());
        held.getMetadata().setFinalizers(List.of("a.b/c"));
        objects.create(held);
        ObjectRef namespace = ObjectType.NAMESPACE.named("", "opencrane");
        objects.delete(namespace, uid(namespace));
        assertThat(names(objects.list(ObjectType.CONFIG_MAP, "", Filter.all(), 10, null)))
                .containsExactly("held");
        assertThat(objects.get(namespace)).isPresent();
        objects.patch(
                ObjectType.CONFIG_MAP.named("opencrane", "held"),
                Target.OBJECT,
                PatchType.MERGE,
                "{\"metadata\":{\"finalizers\":null}}");
        assertThat(objects.get(namespace)).isEmpty();
    }

    @Test
    void childrenOfADeletedOwnerGo() {
        GenericKubernetesResource owner = objects.create(Samples.configMap("opencrane", "owner", Map.of()));
        GenericKubernetesResource child = Samples.configMap("opencrane", "child", Map.of());
        child.getMetadata()
                .setOwnerReferences(List.of(new OwnerReferenceBuilder()
                        .withApiVersion("v1")
                        .withKind("ConfigMap")
                        .withName("owner")
                        .withUid(owner.getMetadata().getUid())
                        .build()));
        objects.create(child);
        objects.delete(
                ObjectType.CONFIG_MAP.named("opencrane", "owner"),
                owner.getMetadata().getUid());
        assertThat(names(objects.list(ObjectType.CONFIG_MAP, "opencrane", Filter.all(), 10, null)))
                .isEmpty();
    }

    @Test
    void aPodGetsTheDefaultsOfTheLimitRangeAndARequestAboveThemIsRefused() {
        objects.create(Samples.object(
                ObjectType.LIMIT_RANGE,
                "opencrane",
                "l",
                Map.of(
                        "spec",
                        Map.of(
                                "limits",
                                List.of(Map.of(
                                        "type", "Container",
                                        "default", Map.of("cpu", "1"),
                                        "defaultRequest", Map.of("cpu", "100m")))))));
        GenericKubernetesResource small = objects.create(pod("small", Map.of()));
        assertThat(small.toString()).contains("limits={cpu=1}").contains("requests={cpu=100m}");
        assertThatThrownBy(() -> objects.create(pod("big", Map.of("requests", Map.of("cpu", "2")))))
                .hasMessageStartingWith("VALIDATION_ERROR");
    }

    @Test
    void aContinueTokenExpires() {
        for (String name : List.of("a", "b", "c")) {
            objects.create(Samples.configMap("opencrane", name, Map.of()));
        }
        String token =
                objects.list(ObjectType.CONFIG_MAP, "", Filter.all(), 1, null).continueToken();
        cluster.expireContinueTokens();
        assertThatThrownBy(() -> objects.list(ObjectType.CONFIG_MAP, "", Filter.all(), 1, token))
                .hasMessageStartingWith("EXPIRED");
    }

    @Test
    void applyingAnUnusualSpellingAgainIsAWriteOnceASecondPassed() {
        // As on a real 1.20: "1000m" differs from the stored "1", so the entry's time moves, and with it the version.
        GenericKubernetesResource odd =
                Samples.deployment("opencrane", "d", Map.of("resources", Map.of("requests", Map.of("cpu", "1000m"))));
        String first = version(objects.apply(odd, "opencrane", Force.NO));
        assertThat(version(objects.apply(odd, "opencrane", Force.NO))).isEqualTo(first);
        clock.advance(Duration.ofSeconds(1));
        assertThat(version(objects.apply(odd, "opencrane", Force.NO))).isNotEqualTo(first);
        GenericKubernetesResource canonical =
                Samples.deployment("opencrane", "e", Map.of("resources", Map.of("requests", Map.of("cpu", "1"))));
        String stored = version(objects.apply(canonical, "opencrane", Force.NO));
        clock.advance(Duration.ofHours(1));
        assertThat(version(objects.apply(canonical, "opencrane", Force.NO))).isEqualTo(stored);
    }

    @Test
    void ofManyGuardedWritersEveryVersionHasOne() throws Exception {
        ObjectRef ref = ObjectType.CONFIG_MAP.named("opencrane", "counter");
        objects.create(Samples.configMap("opencrane", "counter", Map.of("n", "0")));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<Integer> writer = () -> {
                int lost = 0;
                for (int done = 0; done < 25; ) {
                    GenericKubernetesResource seen = objects.get(ref).orElseThrow();
                    int next = Integer.parseInt(seen.get("data", "n")) + 1;
                    try {
                        objects.patch(
                                ref,
                                Target.OBJECT,
                                PatchType.MERGE,
                                "{\"metadata\":{\"resourceVersion\":\"" + version(seen) + "\"},\"data\":{\"n\":\""
                                        + next + "\"}}");
                        done++;
                    } catch (io.opencrane.api.error.OpenCraneException e) {
                        lost++;
                    }
                }
                return lost;
            };
            List<Future<Integer>> running = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                running.add(threads.submit(writer));
            }
            for (Future<Integer> each : running) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(objects.get(ref).orElseThrow().<String>get("data", "n")).isEqualTo("100");
    }

    private static GenericKubernetesResource pod(String name, Map<String, ?> resources) {
        return Samples.object(
                ObjectType.POD,
                "opencrane",
                name,
                Map.of(
                        "spec",
                        Map.of("containers", List.of(Map.of("name", "c", "image", "i:1", "resources", resources)))));
    }

    private String uid(ObjectRef ref) {
        return objects.get(ref).orElseThrow().getMetadata().getUid();
    }

    private static String version(GenericKubernetesResource object) {
        return object.getMetadata().getResourceVersion();
    }

    private static List<String> names(Chunk chunk) {
        return chunk.items().stream().map(item -> item.getMetadata().getName()).toList();
    }
}
