package io.opencrane.it.customer;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.opencrane.k8s.crd.CrdBundle;
import io.opencrane.k8s.object.ApiServerObjects;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

@ControlPlaneTest(needsControllerManager = true)
class CustomerScenariosOnControlPlaneTest extends CustomerScenarios {
    private final KubernetesClient client;

    CustomerScenariosOnControlPlaneTest(ControlPlane controlPlane) {
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(controlPlane.kubeconfigYaml()))
                .build();
    }

    @Override
    ObjectStore startObjects() {
        CrdBundle.load().install(client, Duration.ofSeconds(30));
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(home)
                        .endMetadata()
                        .build())
                .create();
        return ApiServerObjects.over(client);
    }

    @AfterEach
    void disconnect() {
        client.namespaces().withName(home).delete();
        client.close();
    }
}
