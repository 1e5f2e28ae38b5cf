package io.opencrane.k8s.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantSpec;
import io.opencrane.api.clustertenant.ClusterTenantStatus;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.k8s.blueprint.CustomerBlueprint;
import io.opencrane.k8s.blueprint.CustomerChildren;

/** What the ConfigMap {@code opencrane-cluster-tenant} says of a customer: name, spec and bound namespace (DECISIONS 11). */
final class ParentFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ParentFile() {}

    private static ClusterTenant customer(CustomerChildren names, ClusterTenantSpec spec) {
        ClusterTenantStatus status = ClusterTenantStatus.empty().toBuilder()
                .boundNamespace(names.namespace())
                .build();
        return new ClusterTenant(ResourceMetadata.of("", names.customer()), spec, status);
    }

    static String write(CustomerChildren names, ClusterTenantSpec spec) {
        try {
            return JSON.writeValueAsString(customer(names, spec));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A spec is always JSON.", e);
        }
    }

    /** Whoever may write there says nothing about another customer, another namespace or another cluster. */
    static ClusterTenant read(CustomerChildren names, GenericKubernetesResource configMap) {
        String json = configMap.get("data", CustomerBlueprint.PARENT_FILE);
        try {
            ClusterTenantSpec spec = JSON.readValue(json == null ? "" : json, ClusterTenant.class)
                    .spec();
            return customer(names, spec);
        } catch (JsonProcessingException e) {
            throw new OpenCraneException(
                    ErrorCode.INTERNAL,
                    "ConfigMap " + configMap.getMetadata().getNamespace() + "/"
                            + configMap.getMetadata().getName(),
                    "Its " + CustomerBlueprint.PARENT_FILE
                            + " is no ClusterTenant; the platform writes it anew when it is" + " deleted.",
                    OpenCraneException.Retry.POINTLESS,
                    e);
        }
    }
}
