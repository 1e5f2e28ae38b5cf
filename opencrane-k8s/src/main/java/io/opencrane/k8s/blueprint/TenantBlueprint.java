package io.opencrane.k8s.blueprint;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.opencrane.api.policy.McpServers;
import io.opencrane.k8s.apply.Ownership;
import io.opencrane.k8s.object.ObjectRef;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The on-prem children of one tenant, as desired (contract §3). Immutable and pure; equal input gives equal objects. */
public final class TenantBlueprint {
    // fabric8's models carry their own annotations; its own serialization would search the class path for further
    // kinds.
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PORT_NAME = "gateway";
    private static final String STATE_SIZE = "1Gi";
    private static final String INGRESS_CLASS = "nginx";

    private final BlueprintInput input;
    private final TenantChildren children;

    /**
     * Draws a tenant.
     *
     * @param input everything that decides what it looks like
     */
    public TenantBlueprint(BlueprintInput input) {
        this.input = input;
        this.children = input.children();
    }

    /**
     * The names of the children.
     *
     * @return the names
     */
    public TenantChildren children() {
        return children;
    }

    /**
     * Whose children they are.
     *
     * @return the tenant and its uid
     */
    public Ownership ownership() {
        return new Ownership(input.tenant().id(), input.tenant().metadata().uid());
    }

    /**
     * The labels of every child.
     *
     * @return part-of, component, managed-by and the tenant's name
     */
    public Map<String, String> labels() {
        return children.labels();
    }

    /**
     * The pod's identity.
     *
     * @return a ServiceAccount
     */
    public GenericKubernetesResource serviceAccount() {
        return generic(new ServiceAccountBuilder()
                .withMetadata(meta(children.serviceAccount()))
                .build());
    }

    /**
     * A new encryption key, for the one time it is created.
     *
     * @param key 32 random bytes
     * @return a Secret
     */
    public GenericKubernetesResource encryptionKey(byte[] key) {
        return generic(new SecretBuilder()
                .withMetadata(meta(children.encryptionKey()))
                .withType("Opaque")
                .addToData("key", Base64.getEncoder().encodeToString(key))
                .build());
    }

    /**
     * The configuration of assistant and runtime.
     *
     * @return a ConfigMap
     */
    public GenericKubernetesResource config() {
        return generic(new ConfigMapBuilder()
                .withMetadata(meta(children.config()))
                .withData(RuntimeConfig.files(input))
                .build());
    }

    /**
     * What a running tenant was told that a policy says about MCP servers; the only record once the policy is gone.
     *
     * @param config its ConfigMap as it is
     * @param policy the policy's name
     * @return what it says, or empty if it has no managed-runtime contract that can be read, or one about another policy
     */
    public static Optional<McpServers> toldServers(GenericKubernetesResource config, String policy) {
        return RuntimeConfig.toldServers(config, policy);
    }

    /**
     * The state volume, for the one time it is created.
     *
     * @return a ReadWriteOnce PersistentVolumeClaim
     */
    public GenericKubernetesResource state() {
        return generic(new PersistentVolumeClaimBuilder()
                .withMetadata(meta(children.state()))
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withNewResources()
                .addToRequests("storage", new Quantity(STATE_SIZE))
                .endResources()
                .endSpec()
                .build());
    }

    /**
     * The workload. A suspended tenant's differs in {@code replicas} alone; the volume is ReadWriteOnce, so the old pod goes before the
     * new one comes.
     *
     * @return a Deployment
     */
    public GenericKubernetesResource deployment() {
        Map<String, String> selector = Map.of(Ownership.TENANT_LABEL, children.tenant());
        Deployment deployment = new DeploymentBuilder()
                .withMetadata(meta(children.deployment()))
                .withNewSpec()
                .withReplicas(input.tenant().spec().suspended() ? 0 : 1)
                .withNewStrategy()
                .withType("Recreate")
                .endStrategy()
                .withNewSelector()
                .withMatchLabels(selector)
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(podLabels())
                .withAnnotations(podAnnotations())
                .endMetadata()
                .withSpec(new PodBlueprint(input).spec())
                .endTemplate()
                .endSpec()
                .build();
        return generic(deployment);
    }

    private Map<String, String> podLabels() {
        Map<String, String> labels = new LinkedHashMap<>(labels());
        input.tenant().spec().teamName().ifPresent(team -> labels.put("opencrane.io/team", team));
        return labels;
    }

    /** Whose pod it is, and what rolls it although nothing else in the template changes: configuration and model key. */
    private Map<String, String> podAnnotations() {
        Map<String, String> annotations = new LinkedHashMap<>(ownership().annotations());
        annotations.put(Annotations.CONFIG_CHECKSUM, RuntimeConfig.checksum(input));
        annotations.put(Annotations.KEY_REVISION, String.valueOf(input.keyRevision()));
        return annotations;
    }

    /**
     * The workload's address inside the cluster.
     *
     * @return a Service
     */
    public GenericKubernetesResource service() {
        return generic(new ServiceBuilder()
                .withMetadata(meta(children.service()))
                .withNewSpec()
                .withSelector(Map.of(Ownership.TENANT_LABEL, children.tenant()))
                .addNewPort()
                .withName(PORT_NAME)
                .withPort(input.settings().tenants().gatewayPort())
                .withProtocol("TCP")
                .withNewTargetPort(PORT_NAME)
                .endPort()
                .endSpec()
                .build());
    }

    /**
     * The workload's address outside.
     *
     * @return an Ingress
     */
    public GenericKubernetesResource ingress() {
        String host = input.host();
        IngressBuilder ingress = new IngressBuilder()
                .withMetadata(meta(children.ingress()))
                .withNewSpec()
                .withIngressClassName(INGRESS_CLASS)
                .addNewRule()
                .withHost(host)
                .withNewHttp()
                .addNewPath()
                .withPath("/")
                .withPathType("Prefix")
                .withNewBackend()
                .withNewService()
                .withName(children.service().name())
                .withNewPort()
                .withName(PORT_NAME)
                .endPort()
                .endService()
                .endBackend()
                .endPath()
                .endHttp()
                .endRule()
                .endSpec();
        if (input.settings().ingress().tlsEnabled()) {
            ingress.editSpec()
                    .addNewTl()
                    .withHosts(host)
                    .withSecretName(input.settings().ingress().tlsSecretName())
                    .endTl()
                    .endSpec();
        }
        return generic(ingress.build());
    }

    private ObjectMeta meta(ObjectRef ref) {
        return new ObjectMetaBuilder()
                .withNamespace(ref.namespace())
                .withName(ref.name())
                .withLabels(labels())
                .withAnnotations(ownership().annotations())
                .build();
    }

    private static GenericKubernetesResource generic(HasMetadata object) {
        return JSON.convertValue(object, GenericKubernetesResource.class);
    }
}
