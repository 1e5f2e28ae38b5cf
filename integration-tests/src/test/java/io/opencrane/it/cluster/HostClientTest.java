package io.opencrane.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.core.InstanceScope;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.object.ApiServerObjects;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectStore.Force;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the host's client says holds for us too: who we are, and that it is the host's to close. */
@ControlPlaneTest
class HostClientTest {
    private static final InstanceScope SCOPE = InstanceScope.namespace("default");
    private static final ObjectRef DEFAULT_NAMESPACE = ObjectType.NAMESPACE.named("", "default");

    private static Config config(ControlPlane controlPlane) {
        return Config.fromKubeconfig(controlPlane.kubeconfigYaml());
    }

    private static KubernetesClient client(Config config) {
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    @Test
    void closingAClusterLeavesTheHostsClientOpen(ControlPlane controlPlane) {
        try (KubernetesClient client = client(config(controlPlane))) {
            try (KubernetesCluster cluster = KubernetesCluster.using(client, SCOPE)) {
                assertThat(cluster.objects().get(DEFAULT_NAMESPACE)).isPresent();
            }
            assertThat(client.getHttpClient().isClosed()).isFalse();
            assertThat(client.namespaces().withName("default").get()).isNotNull();
        }
    }

    @Test
    void aConnectedClusterClosesWhatItMade(ControlPlane controlPlane) {
        KubernetesCluster cluster = KubernetesCluster.connect(config(controlPlane), SCOPE);
        assertThat(cluster.objects().get(DEFAULT_NAMESPACE)).isPresent();
        cluster.close();
        assertThat(catchThrowableOfType(
                        OpenCraneException.class, () -> cluster.objects().get(DEFAULT_NAMESPACE)))
                .extracting(OpenCraneException::code)
                .isEqualTo(ErrorCode.UPSTREAM_ERROR);
    }

    @Test
    void whoeverIsImpersonatedMayNotDoMore(ControlPlane controlPlane) {
        Config nobody = new ConfigBuilder(config(controlPlane))
                .withImpersonateUsername("nobody")
                .build();
        try (KubernetesClient client = client(nobody)) {
            ObjectStore objects = ApiServerObjects.over(client);
            OpenCraneException refused =
                    catchThrowableOfType(OpenCraneException.class, () -> objects.get(DEFAULT_NAMESPACE));
            assertThat(refused.code()).isEqualTo(ErrorCode.FORBIDDEN);
            assertThat(refused).hasMessageContaining("nobody");
            assertThat(refused.isRetryable()).isFalse();
        }
    }

    @Test
    void aRefusedCredentialIsUnauthorized(ControlPlane controlPlane) {
        Config wrong = new ConfigBuilder(config(controlPlane))
                .withOauthToken("not-a-token")
                .withAutoOAuthToken("not-a-token")
                .build();
        try (KubernetesClient client = client(wrong)) {
            ObjectStore objects = ApiServerObjects.over(client);
            OpenCraneException refused =
                    catchThrowableOfType(OpenCraneException.class, () -> objects.get(DEFAULT_NAMESPACE));
            assertThat(refused.code()).isEqualTo(ErrorCode.UNAUTHORIZED);
            assertThat(refused).hasMessageNotContaining("not-a-token");
        }
    }

    @Test
    void aTypeTheLibraryDoesNotKnowIsDiscovered(ControlPlane controlPlane) {
        try (KubernetesClient client = client(config(controlPlane))) {
            ObjectStore objects = ApiServerObjects.over(client);
            GenericKubernetesResource role = new GenericKubernetesResource();
            role.setApiVersion("rbac.authorization.k8s.io/v1");
            role.setKind("Role");
            role.setMetadata(new ObjectMetaBuilder()
                    .withNamespace("default")
                    .withName("discovered")
                    .build());
            role.setAdditionalProperties(Map.of("rules", List.of()));
            GenericKubernetesResource made = objects.apply(role, "opencrane", Force.NO);
            ObjectType type = new ObjectType("rbac.authorization.k8s.io/v1", "Role", "roles", true);
            assertThat(objects.delete(
                            type.named("default", "discovered"),
                            made.getMetadata().getUid()))
                    .isTrue();
        }
    }
}
