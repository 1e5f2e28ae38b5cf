package io.opencrane.it.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.opencrane.k8s.crd.CrdBundle;
import io.opencrane.testkit.controlplane.ControlPlane;
import java.time.Duration;

/** Clients for the shared control plane. */
final class TestCluster {
    private TestCluster() {}

    /** An administrator's client; the CRD bundle is installed. The caller closes it. */
    static KubernetesClient administrator(ControlPlane controlPlane) {
        KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(controlPlane.kubeconfigYaml()))
                .build();
        CrdBundle.load().install(client, Duration.ofSeconds(30));
        return client;
    }
}
