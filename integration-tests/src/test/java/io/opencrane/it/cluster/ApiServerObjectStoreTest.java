package io.opencrane.it.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.opencrane.k8s.object.ApiServerObjects;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.testkit.cluster.ObjectStoreTck;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

@ControlPlaneTest
@TestInstance(Lifecycle.PER_CLASS)
class ApiServerObjectStoreTest extends ObjectStoreTck {
    private final ControlPlane controlPlane;
    private final KubernetesClient client;
    private final ObjectStore objects;

    ApiServerObjectStoreTest(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
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
    public boolean hasControllers() {
        return controlPlane.hasControllerManager();
    }
}
