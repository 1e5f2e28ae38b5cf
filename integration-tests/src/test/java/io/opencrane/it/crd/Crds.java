package io.opencrane.it.crd;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.testkit.controlplane.ControlPlane;

/** How these tests reach the server. */
final class Crds {
    static final String NAMESPACE = "default";

    private Crds() {}

    static KubernetesClient client(ControlPlane controlPlane) {
        return client(config(controlPlane));
    }

    static KubernetesClient client(Config config) {
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    static Config config(ControlPlane controlPlane) {
        Config config = Config.fromKubeconfig(controlPlane.kubeconfigYaml());
        config.setRequestRetryBackoffLimit(0);
        return config;
    }

    static NonNamespaceOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            definitions(KubernetesClient client) {
        return client.genericKubernetesResources(new ResourceDefinitionContext.Builder()
                .withGroup("apiextensions.k8s.io")
                .withVersion("v1")
                .withKind("CustomResourceDefinition")
                .withPlural("customresourcedefinitions")
                .withNamespaced(false)
                .build());
    }

    static NonNamespaceOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            resources(KubernetesClient client, ResourceKind kind) {
        MixedOperation<GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
                all = client.genericKubernetesResources(new ResourceDefinitionContext.Builder()
                .withGroup(ResourceKind.GROUP)
                .withVersion(ResourceKind.VERSION)
                .withKind(kind.kind())
                .withPlural(kind.plural())
                .withNamespaced(kind.isNamespaced())
                .build());
        return kind.isNamespaced() ? all.inNamespace(NAMESPACE) : all;
    }
}
