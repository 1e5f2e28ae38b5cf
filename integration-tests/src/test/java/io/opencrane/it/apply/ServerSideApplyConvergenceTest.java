package io.opencrane.it.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.InstanceScope;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.apply.Applied;
import io.opencrane.k8s.apply.Applier;
import io.opencrane.k8s.apply.ChildChange.Action;
import io.opencrane.k8s.apply.FieldChange;
import io.opencrane.k8s.apply.Ownership;
import io.opencrane.k8s.apply.PlannedChange;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectStore.Force;
import io.opencrane.k8s.object.ObjectStore.PatchType;
import io.opencrane.k8s.object.ObjectStore.Target;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Experiment A (DECISIONS): an apply, and only one, where something differs; nothing where nothing does. */
@ControlPlaneTest
class ServerSideApplyConvergenceTest {
    private static final String PLATFORM_LABELS =
            "{app.kubernetes.io/part-of: opencrane, app.kubernetes.io/managed-by: opencrane-operator, opencrane.io/tenant: acme}";

    private final String namespace = "a-" + UUID.randomUUID().toString().substring(0, 8);
    private final Ownership owner = new Ownership(new TenantId("opencrane", "acme"), "uid-1");
    private KubernetesClient client;
    private KubernetesCluster cluster;
    private ObjectStore objects;
    private Applier applier;

    @BeforeEach
    void connect(ControlPlane controlPlane) {
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(controlPlane.kubeconfigYaml()))
                .build();
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
        cluster = KubernetesCluster.using(client, InstanceScope.namespace(namespace));
        objects = cluster.objects();
        applier = new Applier(objects, InstantSource.system());
    }

    @AfterEach
    void disconnect() {
        client.namespaces().withName(namespace).delete();
        cluster.close();
        client.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Deployment", "Service", "Ingress", "NetworkPolicy"})
    void applyingAgainMakesNoWrite(String kind) {
        GenericKubernetesResource desired = desired(kind, "");
        assertThat(apply(desired).change().action()).isEqualTo(Action.CREATE);
        String version = version(desired);

        assertThat(apply(desired).change().action()).isEqualTo(Action.UNCHANGED);
        assertThat(apply(desired).change().fields()).isEmpty();
        assertThat(version(desired)).isEqualTo(version);
    }

    @Test
    void theCopyOfAnInformerComparesAsEqual() {
        GenericKubernetesResource desired = desired("Deployment", "");
        apply(desired);
        try (SharedIndexInformer<Deployment> informer =
                client.apps().deployments().inNamespace(namespace).inform()) {
            Deployment cached = informer.getStore().getByKey(namespace + "/openclaw-acme");
            GenericKubernetesResource copy =
                    Serialization.unmarshal(Serialization.asJson(cached), GenericKubernetesResource.class);

            assertThat(applier.plan(ref(desired), Optional.of(copy), desired, owner)
                            .change()
                            .action())
                    .isEqualTo(Action.UNCHANGED);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "without node selector",
                "without an env var",
                "without a label",
                "with cpu 1000m",
                "with another image",
                "without resources",
                "with one more port"
            })
    void aChangeOfMindCostsExactlyOneApply(String variant) {
        apply(desired("Deployment", ""));
        GenericKubernetesResource changed = desired("Deployment", variant);
        String before = version(changed);

        Applied first = apply(changed);
        assertThat(first.change().action()).isEqualTo(Action.UPDATE);
        String after = version(changed);
        assertThat(after).isNotEqualTo(before);
        assertThat(apply(changed).change().action()).isEqualTo(Action.UNCHANGED);
        assertThat(version(changed)).isEqualTo(after);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"op\":\"remove\",\"path\":\"/spec/template/spec/nodeSelector\"}]",
                "[{\"op\":\"remove\",\"path\":\"/spec/template/spec/containers/0/env/1\"}]",
                "[{\"op\":\"remove\",\"path\":\"/metadata/labels/app.kubernetes.io~1part-of\"}]"
            })
    void whatSomebodyElseRemovesComesBackWithOneApply(String sabotage) {
        GenericKubernetesResource desired = desired("Deployment", "");
        apply(desired);
        objects.patch(ref(desired), Target.OBJECT, PatchType.JSON, sabotage);

        assertThat(apply(desired).change().action()).isEqualTo(Action.UPDATE);
        assertThat(apply(desired).change().action()).isEqualTo(Action.UNCHANGED);
    }

    @Test
    void whatSomebodyElseAddsIsLeftAlone() {
        GenericKubernetesResource desired = desired("Deployment", "");
        apply(desired);
        objects.patch(
                ref(desired), Target.OBJECT, PatchType.MERGE, "{\"metadata\":{\"annotations\":{\"team\":\"blue\"}}}");

        assertThat(apply(desired).change().action()).isEqualTo(Action.UNCHANGED);
    }

    @Test
    void replicasAreTakenBackByForceAndNothingElseIs() {
        GenericKubernetesResource desired = desired("Deployment", "");
        apply(desired);
        objects.patch(ref(desired), Target.OBJECT, PatchType.MERGE, "{\"spec\":{\"replicas\":3}}");

        assertThat(apply(desired).change().fields())
                .extracting(FieldChange::path)
                .containsExactly("spec.replicas");
        assertThat(apply(desired).change().action()).isEqualTo(Action.UNCHANGED);

        objects.patch(ref(desired), Target.OBJECT, PatchType.JSON, """
                [{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"evil"},
                 {"op":"replace","path":"/spec/replicas","value":3}]""");
        assertThat(plan(desired).change().conflict())
                .as("the plan says who is in the way")
                .hasValueSatisfying(field -> {
                    assertThat(field.path()).isEqualTo("spec.template.spec.containers[name=openclaw].image");
                    assertThat(field.before()).isEqualTo("\"evil\"");
                    assertThat(field.owner()).isEqualTo("fabric8-kubernetes-client");
                });
        assertThatThrownBy(() -> apply(desired)).isInstanceOfSatisfying(OpenCraneException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
            assertThat(e).hasMessageContaining("fabric8");
        });
        assertThat(objects.get(ref(desired))
                        .orElseThrow()
                        .<String>get("spec", "template", "spec", "containers", 0, "image"))
                .as("the other conflict was not forced along")
                .isEqualTo("evil");
    }

    @Test
    void anObjectOfThePlatformIsAdoptedOnceAcrossRollingUpdateToRecreate() {
        GenericKubernetesResource desired = desired("Deployment", "");
        GenericKubernetesResource legacy = desired("Deployment", "legacy");
        objects.create(legacy); // by POST, as the platform's operator does: an Update entry owns every field

        Applied adopted = apply(desired);

        assertThat(adopted.change().action()).isEqualTo(Action.ADOPT);
        assertThat((String) adopted.object().get("spec", "strategy", "type")).isEqualTo("Recreate");
        List<Object> env = adopted.object().get("spec", "template", "spec", "containers", 0, "env");
        assertThat(env.toString()).doesNotContain("LEGACY");
        assertThat(apply(desired).change().action()).isEqualTo(Action.UNCHANGED);
    }

    @Test
    void anObjectOfSomebodyElseIsNeverTouched() {
        GenericKubernetesResource foreign = desired("Service", "");
        foreign.getMetadata().getAnnotations().put(Ownership.NAMESPACE_ANNOTATION, "elsewhere");
        objects.apply(foreign, "somebody", Force.NO);
        String before = version(foreign);

        assertThatThrownBy(() -> apply(desired("Service", ""))).isInstanceOfSatisfying(OpenCraneException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.NAME_TAKEN);
            assertThat(e).hasMessageContaining("opencrane/acme").hasMessageContaining("elsewhere/acme");
        });
        assertThat(version(foreign)).isEqualTo(before);
    }

    private Applied apply(GenericKubernetesResource desired) {
        return applier.execute(plan(desired));
    }

    private PlannedChange plan(GenericKubernetesResource desired) {
        return applier.plan(ref(desired), objects.get(ref(desired)), desired, owner);
    }

    private String version(GenericKubernetesResource object) {
        return objects.get(ref(object)).orElseThrow().getMetadata().getResourceVersion();
    }

    private ObjectRef ref(GenericKubernetesResource object) {
        ObjectType type = switch (object.getKind()) {
            case "Deployment" -> ObjectType.DEPLOYMENT;
            case "Service" -> ObjectType.SERVICE;
            case "Ingress" -> ObjectType.INGRESS;
            default -> ObjectType.NETWORK_POLICY;
        };
        return type.named(namespace, object.getMetadata().getName());
    }

    private GenericKubernetesResource desired(String kind, String variant) {
        boolean legacy = variant.equals("legacy");
        String head = "{kind: " + kind + ", metadata: {name: openclaw-acme, namespace: " + namespace + ", labels: "
                + (variant.equals("without a label")
                        ? PLATFORM_LABELS.replace("app.kubernetes.io/part-of: opencrane, ", "")
                        : PLATFORM_LABELS)
                + (legacy
                        ? ""
                        : ", annotations: {opencrane.io/tenant-namespace: opencrane, opencrane.io/tenant-uid: uid-1}")
                + "}, ";
        String body = switch (kind) {
            case "Service" ->
                "apiVersion: v1, spec: {selector: {opencrane.io/tenant: acme}, ports: [{name: gateway, port: 80, targetPort: gateway, protocol: TCP}]}}";
            case "Ingress" ->
                "apiVersion: networking.k8s.io/v1, spec: {ingressClassName: nginx, rules: [{host: acme.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: openclaw-acme, port: {name: gateway}}}}]}}]}}";
            case "NetworkPolicy" ->
                "apiVersion: networking.k8s.io/v1, spec: {podSelector: {matchLabels: {opencrane.io/tenant: acme}}, policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: UDP}]}, {to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]}}";
            default -> deploymentBody(variant);
        };
        return Serialization.unmarshal("---\n" + head + body, GenericKubernetesResource.class);
    }

    private static String deploymentBody(String variant) {
        String nodeSelector = variant.equals("without node selector") ? "" : "nodeSelector: {pool: a}, ";
        String env = "{name: A, value: a}"
                + (variant.equals("without an env var") ? "" : ", {name: B, value: b}")
                + (variant.equals("legacy") ? ", {name: LEGACY, value: x}" : "");
        String resources = variant.equals("without resources")
                ? ""
                : ", resources: {requests: {cpu: " + (variant.equals("with cpu 1000m") ? "1000m" : "500m") + "}}";
        String image = variant.equals("with another image") ? "other" : "openclaw";
        String port = variant.equals("with one more port") ? ", {name: extra, containerPort: 9, protocol: TCP}" : "";
        String strategy = variant.equals("legacy") ? "{type: RollingUpdate}" : "{type: Recreate}";
        return "apiVersion: apps/v1, spec: {replicas: 1, strategy: " + strategy
                + ", selector: {matchLabels: {opencrane.io/tenant: acme}}, template: {metadata: {labels: {opencrane.io/tenant: acme}}, spec: {"
                + nodeSelector
                + "securityContext: {runAsUser: 1000}, volumes: [{name: tmp, emptyDir: {}}], containers: [{name: openclaw, image: "
                + image + ", env: [" + env + "], ports: [{name: gateway, containerPort: 8080, protocol: TCP}" + port
                + "], volumeMounts: [{name: tmp, mountPath: /tmp}]" + resources + "}]}}}}";
    }
}
