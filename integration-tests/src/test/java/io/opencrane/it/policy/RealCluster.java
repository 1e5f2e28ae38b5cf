package io.opencrane.it.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.k8s.crd.CrdBundle;
import io.opencrane.k8s.object.ApiServerObjects;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.testkit.controlplane.ControlPlane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The shared control plane with our CRDs, and namespaces that go again. */
final class RealCluster implements AutoCloseable {
    final KubernetesClient client;
    private final List<String> namespaces = new ArrayList<>();

    private RealCluster(KubernetesClient client) {
        this.client = client;
    }

    static RealCluster of(ControlPlane controlPlane) {
        RealCluster cluster = new RealCluster(new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(controlPlane.kubeconfigYaml()))
                .build());
        CrdBundle.load().install(cluster.client, Duration.ofSeconds(30));
        return cluster;
    }

    ObjectStore with(List<String> wanted) {
        for (String name : wanted) {
            client.resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(name)
                            .endMetadata()
                            .build())
                    .create();
            namespaces.add(name);
        }
        return ApiServerObjects.over(client);
    }

    /** The CRD alone, with as much of its schema as an API server would hold an object of ours to. */
    void installCilium() {
        client.load(RealCluster.class.getResourceAsStream("ciliumnetworkpolicies.yaml"))
                .create();
        await().atMost(Duration.ofSeconds(30)).until(this::servesCilium);
    }

    void removeCilium() {
        client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName("ciliumnetworkpolicies.cilium.io")
                .delete();
        await().atMost(Duration.ofSeconds(60)).until(() -> !servesCilium());
    }

    private boolean servesCilium() {
        try {
            ApiServerObjects.over(client).list(ObjectType.CILIUM_NETWORK_POLICY, "default", Filter.all(), 1, null);
            return true;
        } catch (OpenCraneException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.DEPENDENCY_NOT_CONFIGURED);
            return false;
        }
    }

    @Override
    public void close() {
        namespaces.forEach(name -> client.namespaces().withName(name).delete());
        client.close();
    }
}
