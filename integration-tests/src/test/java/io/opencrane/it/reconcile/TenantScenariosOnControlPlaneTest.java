package io.opencrane.it.reconcile;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.opencrane.core.InstanceScope;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.crd.CrdBundle;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.testkit.cluster.FakeKubelet;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

@ControlPlaneTest(needsControllerManager = true)
class TenantScenariosOnControlPlaneTest extends TenantScenarios {
    private final KubernetesClient client;
    private KubernetesCluster cluster;

    TenantScenariosOnControlPlaneTest(ControlPlane controlPlane) {
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

    @AfterEach
    void disconnect() {
        cluster.close();
        client.close();
    }
}
