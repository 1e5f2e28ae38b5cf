package io.opencrane.it.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.core.InstanceScope;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.crd.CrdBundle;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.testkit.cluster.FakeKubelet;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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

    @Test
    void aPodThatTheQuotaForbidsIsNamedByItsReasonAndTheStatusRests() {
        client.resource(new ResourceQuotaBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("none")
                        .endMetadata()
                        .withNewSpec()
                        .addToHard("pods", new Quantity("0"))
                        .endSpec()
                        .build())
                .create();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> client.resourceQuotas()
                                .inNamespace(namespace)
                                .withName("none")
                                .get()
                                .getStatus()
                                .getHard()
                        != null);

        Tenant waiting = reconcileUntil("FailedCreate");

        assertThat(waiting.status().phase()).isEqualTo(TenantPhase.PENDING);
        String version = waiting.metadata().resourceVersion();
        for (int i = 0; i < 3; i++) {
            assertThat(reconcileUntil("FailedCreate").metadata().resourceVersion())
                    .isEqualTo(version);
        }
    }

    @AfterEach
    void disconnect() {
        cluster.close();
        client.close();
    }
}
