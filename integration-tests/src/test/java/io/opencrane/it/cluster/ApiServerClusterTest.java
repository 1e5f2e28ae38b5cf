package io.opencrane.it.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.port.Cluster;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.object.ApiServerObjects;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.testkit.cluster.ClusterTck;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

@ControlPlaneTest
@TestInstance(Lifecycle.PER_CLASS)
class ApiServerClusterTest extends ClusterTck {
    private final KubernetesClient client;
    private final ObjectStore objects;

    ApiServerClusterTest(ControlPlane controlPlane) {
        this.client = TestCluster.administrator(controlPlane);
        this.objects = ApiServerObjects.over(client);
    }

    @AfterAll
    void close() {
        client.close();
    }

    @Override
    public ObjectStore objects() {
        return objects;
    }

    @Override
    public Cluster cluster(InstanceScope scope) {
        return KubernetesCluster.using(client, scope);
    }
}
