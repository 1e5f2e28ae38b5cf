package io.opencrane.it.reconcile;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.opencrane.core.InstanceScope;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.crd.CrdBundle;
import io.opencrane.k8s.informer.InformerCache;
import io.opencrane.k8s.object.ObjectReader;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.testkit.cluster.FakeKubelet;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** The same promises hold when reads come from informers. */
@ControlPlaneTest(needsControllerManager = true)
class TenantScenariosWithCachesTest extends TenantScenarios {
    private final KubernetesClient client;
    private KubernetesCluster cluster;
    private InformerCache cache;

    TenantScenariosWithCachesTest(ControlPlane controlPlane) {
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(controlPlane.kubeconfigYaml()))
                .build();
    }

    @Override
    ObjectStore startObjects() {
        CrdBundle.load().install(client, Duration.ofSeconds(30));
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
        cluster = KubernetesCluster.using(client, InstanceScope.namespace(namespace));
        return cluster.objects();
    }

    @Override
    FakeKubelet kubelet(ObjectStore objects) {
        return FakeKubelet.besideControllers(objects);
    }

    @Override
    ObjectReader reader(KubernetesCluster faulty) {
        cache = InformerCache.over(client, faulty).start(Duration.ofSeconds(30));
        return cache;
    }

    @Override
    void settle(List<ObjectRef> refs) {
        for (ObjectRef ref : refs) {
            await("the informer of " + ref)
                    .atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> version(cache.get(ref))
                            .equals(version(cluster.objects().get(ref))));
        }
    }

    private static String version(Optional<GenericKubernetesResource> object) {
        return object.map(found -> found.getMetadata().getResourceVersion()).orElse("none");
    }

    @AfterEach
    void disconnect() {
        cache.close();
        cluster.close();
        client.close();
    }
}
