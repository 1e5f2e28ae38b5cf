package io.opencrane.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.core.InstanceScope;
import io.opencrane.k8s.crd.CrdBundle;
import io.opencrane.k8s.object.ApiServerObjects;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectStore.Force;
import io.opencrane.k8s.object.ObjectStore.PatchType;
import io.opencrane.k8s.object.ObjectStore.Target;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.testkit.cluster.InMemoryCluster;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * The same steps on the fake and on the real server must leave the same objects, field by field, managedFields included. Left out: what is
 * random (uid, versions, times, addresses) and what only a controller-manager writes.
 */
@ControlPlaneTest
@TestInstance(Lifecycle.PER_CLASS)
class FakeMatchesApiServerTest {
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private final KubernetesClient client;
    private final ObjectStore real;

    FakeMatchesApiServerTest(ControlPlane controlPlane) {
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(controlPlane.kubeconfigYaml()))
                .build();
        CrdBundle.load().install(client, Duration.ofSeconds(30));
        real = ApiServerObjects.over(client);
    }

    @AfterAll
    void close() {
        client.close();
    }

    /** One run of a scenario: every answer, made comparable. */
    private static final class Run {
        private final ObjectStore objects;
        private final String namespace;
        private final List<String> answers = new ArrayList<>();

        Run(ObjectStore objects, String namespace) {
            this.objects = objects;
            this.namespace = namespace;
        }

        void create(String yaml) {
            record("create", () -> objects.create(object(yaml)));
        }

        void apply(String manager, String yaml) {
            record("apply " + manager, () -> objects.apply(object(yaml), manager, Force.NO));
        }

        void force(String manager, String yaml) {
            record("force " + manager, () -> objects.apply(object(yaml), manager, Force.YES));
        }

        void merge(ObjectType type, String name, String body) {
            record("merge " + body, () -> objects.patch(ref(type, name), Target.OBJECT, PatchType.MERGE, body));
        }

        void status(ObjectType type, String name, String body) {
            record("status " + body, () -> objects.patch(ref(type, name), Target.STATUS, PatchType.MERGE, body));
        }

        void json(ObjectType type, String name, String body) {
            record("json " + body, () -> objects.patch(ref(type, name), Target.OBJECT, PatchType.JSON, body));
        }

        void delete(ObjectType type, String name) {
            String uid =
                    objects.get(ref(type, name)).orElseThrow().getMetadata().getUid();
            objects.delete(ref(type, name), uid);
            answers.add("after delete: "
                    + objects.get(ref(type, name)).map(Run::comparable).orElse("gone"));
        }

        private ObjectRef ref(ObjectType type, String name) {
            return type.named(type.isNamespaced() ? namespace : "", name);
        }

        private GenericKubernetesResource object(String yaml) {
            GenericKubernetesResource object =
                    new KubernetesSerialization().unmarshal(yaml, GenericKubernetesResource.class);
            object.getMetadata().setNamespace(namespace);
            return object;
        }

        private void record(String step, Supplier<GenericKubernetesResource> call) {
            String answer;
            try {
                answer = comparable(call.get());
            } catch (OpenCraneException e) {
                // Of several fields in conflict 1.20 names the last one, as often as there are fields.
                String message = String.valueOf(e.getMessage());
                answer = message.contains("Field manager")
                        ? message.substring(0, message.indexOf(" owns "))
                        : e.code().toString();
            }
            answers.add(step + " -> " + answer);
        }

        private static String comparable(GenericKubernetesResource object) {
            ObjectNode tree = MAPPER.valueToTree(object);
            ObjectNode metadata = (ObjectNode) tree.path("metadata");
            metadata.remove(List.of("uid", "resourceVersion", "creationTimestamp", "deletionTimestamp"));
            if (metadata.path("annotations") instanceof ObjectNode annotations) {
                annotations.remove("deployment.kubernetes.io/revision");
                if (annotations.isEmpty()) {
                    metadata.remove("annotations");
                }
            }
            List<JsonNode> managed = new ArrayList<>();
            for (JsonNode entry : metadata.path("managedFields")) {
                if (!entry.path("manager").asText().equals("kube-controller-manager")) {
                    ((ObjectNode) entry).remove("time");
                    managed.add(entry);
                }
            }
            metadata.putArray("managedFields").addAll(managed);
            if (tree.path("spec") instanceof ObjectNode spec) {
                spec.remove(List.of("clusterIP", "clusterIPs"));
            }
            switch (object.getKind()) {
                case "ServiceAccount" -> tree.remove("secrets");
                case "Deployment", "ResourceQuota" -> tree.remove("status");
                default -> {}
            }
            return sorted(tree);
        }

        private static String sorted(JsonNode tree) {
            try {
                Object plain = MAPPER.treeToValue(tree, Object.class);
                return new ObjectMapper()
                        .configure(com.fasterxml.jackson.databind.SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true)
                        .writerWithDefaultPrettyPrinter()
                        .writeValueAsString(plain);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Steps to take on both. */
    private interface Scenario {
        void play(Run run);
    }

    private void assertSame(Scenario scenario) {
        String namespace = "match-" + UUID.randomUUID().toString().substring(0, 8);
        InMemoryCluster cluster = InMemoryCluster.create(InstanceScope.namespace(namespace), InstantSource.system());
        GenericKubernetesResource made = new KubernetesSerialization()
                .unmarshal(
                        "apiVersion: v1\nkind: Namespace\nmetadata: {name: " + namespace + "}",
                        GenericKubernetesResource.class);
        real.create(made);
        Run expected = new Run(real, namespace);
        Run actual = new Run(cluster.objects(), namespace);
        scenario.play(expected);
        scenario.play(actual);
        for (int i = 0; i < expected.answers.size(); i++) {
            assertThat(actual.answers.get(i)).isEqualTo(expected.answers.get(i));
        }
        assertThat(actual.answers).hasSameSizeAs(expected.answers);
    }

    private static String yaml(String name) {
        try (InputStream in = FakeMatchesApiServerTest.class.getResourceAsStream("match/" + name + ".yaml")) {
            return new String(
                    java.util.Objects.requireNonNull(in, name).readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String without(String yaml, String line) {
        assertThat(yaml).contains(line);
        return yaml.lines().filter(each -> !each.contains(line)).reduce("", (a, b) -> a + b + "\n");
    }

    private static String replaced(String yaml, String from, String to) {
        assertThat(yaml).contains(from);
        return yaml.replace(from, to);
    }

    @Test
    void builtInKindsAreCreatedAlike() {
        assertSame(run -> {
            for (String document : yaml("kinds").split("---\n")) {
                run.create(document);
                run.create(document);
            }
            run.create(yaml("deployment"));
        });
    }

    @Test
    void builtInKindsAreAppliedAlike() {
        assertSame(run -> {
            for (String document : yaml("kinds").split("---\n")) {
                run.apply("opencrane", document);
                run.apply("opencrane", document);
            }
        });
    }

    @Test
    void aDeploymentIsAppliedChangedAndFoughtOverAlike() {
        String full = yaml("deployment");
        assertSame(run -> {
            run.apply("opencrane", full);
            run.apply("opencrane", full);
            run.apply("opencrane", without(full, "OPENCLAW_VERSION"));
            run.apply("opencrane", without(without(full, "OPENCLAW_VERSION"), "pool: gpu"));
            run.merge(ObjectType.DEPLOYMENT, "openclaw-acme", "{\"spec\":{\"replicas\":0}}");
            run.apply("opencrane", full);
            run.apply("somebody", replaced(full, "replicas: 1", "replicas: 3"));
            run.force("somebody", replaced(full, "replicas: 1", "replicas: 3"));
            run.apply("opencrane", full);
            run.apply("opencrane", without(full, "replicas: 1"));
            run.apply("opencrane", replaced(without(full, "replicas: 1"), "cpu: 500m", "cpu: 1000m"));
            run.apply("opencrane", full + "  undeclared: 1\n");
        });
    }

    @Test
    void aDeploymentIsPatchedAlike() {
        assertSame(run -> {
            run.create(yaml("deployment"));
            ObjectType type = ObjectType.DEPLOYMENT;
            run.merge(type, "openclaw-acme", "{\"metadata\":{\"labels\":{\"x\":\"y\"},\"annotations\":{\"a\":\"b\"}}}");
            run.merge(type, "openclaw-acme", "{\"spec\":{\"strategy\":{\"type\":\"RollingUpdate\"}}}");
            run.merge(type, "openclaw-acme", "{\"spec\":{\"strategy\":{\"type\":\"Recreate\"}}}");
            run.merge(
                    type, "openclaw-acme", "{\"spec\":{\"strategy\":{\"type\":\"Recreate\",\"rollingUpdate\":null}}}");
            run.merge(type, "openclaw-acme", "{\"spec\":{\"selector\":{\"matchLabels\":{\"z\":\"z\"}}}}");
            run.merge(type, "openclaw-acme", "{\"spec\":{\"undeclared\":1},\"status\":{\"replicas\":4}}");
            run.json(type, "openclaw-acme", "[{\"op\":\"remove\",\"path\":\"/spec/template/spec/nodeSelector\"}]");
            run.json(type, "openclaw-acme", "[{\"op\":\"test\",\"path\":\"/spec/replicas\",\"value\":7}]");
            run.json(
                    type,
                    "openclaw-acme",
                    "[{\"op\":\"replace\",\"path\":\"/metadata/managedFields\",\"value\":[{}]}]");
            run.apply("opencrane", yaml("deployment"));
        });
    }

    @Test
    void aNetworkPolicyIsAppliedFoughtOverAndRefusedAlike() {
        String full = yaml("networkpolicy");
        ObjectType type = ObjectType.NETWORK_POLICY;
        assertSame(run -> {
            run.apply("opencrane", full);
            run.apply("opencrane", full);
            run.apply("somebody", full);
            run.apply("somebody", replaced(full, "values: [a, b]", "values: [a]"));
            run.apply("somebody", without(full, "cidr: 10.0.0.0/8"));
            run.apply("opencrane", without(full, "egress:").replaceAll("(?m)^  - .*\n", ""));
            run.force("somebody", replaced(full, "values: [a, b]", "values: [a, b, c]"));
            run.apply("opencrane", full);
            run.force("opencrane", replaced(full, "policyTypes: [Egress]", "policyTypes: []"));
            run.merge(type, "fence", "{\"spec\":{\"podSelector\":{\"matchLabels\":{\"a\":\"b\"}}}}");
            run.merge(type, "fence", "{\"spec\":{\"podSelector\":null,\"egress\":[],\"policyTypes\":null}}");
            run.merge(type, "fence", "{\"spec\":null,\"status\":{\"a\":1}}");
            run.json(type, "fence", "[{\"op\":\"add\",\"path\":\"/spec/ingress\",\"value\":[{}]}]");
            run.apply("opencrane", replaced(full, "except: [10.1.0.0/16]", "except: [11.0.0.0/16]"));
            run.apply("opencrane", replaced(full, "port: 443", "port: 65536"));
            run.apply("opencrane", replaced(full, "port: 443", "ports: 443"));
            run.apply("opencrane", replaced(full, "port: 443", "port: true"));
            run.delete(type, "fence");
        });
    }

    @Test
    void aTenantIsKeptAlike() {
        ObjectType tenant = new ObjectType("opencrane.io/v1alpha1", "Tenant", "tenants", true);
        assertSame(run -> {
            run.create(yaml("tenant"));
            run.merge(tenant, "acme", "{\"spec\":{\"team\":null,\"unknown\":1,\"monthlyBudgetUsd\":200.50}}");
            run.merge(tenant, "acme", "{\"spec\":{\"email\":null}}");
            run.status(
                    tenant, "acme", "{\"status\":{\"phase\":\"Running\",\"nothing\":1},\"spec\":{\"team\":\"blue\"}}");
            run.status(tenant, "acme", "{\"status\":{\"phase\":\"Napping\"}}");
            run.json(
                    tenant,
                    "acme",
                    "[{\"op\":\"add\",\"path\":\"/metadata/finalizers\",\"value\":[\"opencrane.io/cleanup\"]}]");
            run.json(tenant, "acme", "[{\"op\":\"add\",\"path\":\"/metadata/finalizers/-\",\"value\":\"a.b/c\"}]");
            run.delete(tenant, "acme");
            run.merge(tenant, "acme", "{\"metadata\":{\"finalizers\":[\"opencrane.io/cleanup\",\"x.y/z\",\"a.b/c\"]}}");
            run.merge(tenant, "acme", "{\"metadata\":{\"finalizers\":[\"a.b/c\"]}}");
            run.create(yaml("tenant"));
            run.apply("opencrane", replaced(yaml("tenant"), "name: acme", "name: second"));
            run.apply("opencrane", without(replaced(yaml("tenant"), "name: acme", "name: second"), "team: red"));
        });
    }

    @Test
    void mapsOfDataAreOwnedAlike() {
        String map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: '1', b: ''}";
        String more = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, labels: {l: v}}\ndata: {a: '1', c: '3'}";
        assertSame(run -> {
            run.apply("opencrane", map);
            run.apply("somebody", more);
            run.apply("opencrane", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}");
            run.merge(ObjectType.CONFIG_MAP, "c", "{\"data\":{\"c\":\"4\",\"d\":null},\"metadata\":{\"labels\":null}}");
            run.apply("somebody", more);
            run.merge(ObjectType.CONFIG_MAP, "c", "{\"data\":null}");
            run.merge(ObjectType.CONFIG_MAP, "c", "{\"immutable\":true,\"data\":{\"z\":\"1\"}}");
            run.merge(ObjectType.CONFIG_MAP, "c", "{\"data\":{\"z\":\"2\"}}");
            run.merge(ObjectType.CONFIG_MAP, "c", "{\"data\":5}");
            run.merge(ObjectType.CONFIG_MAP, "c", "{\"metadata\":{\"annotations\":{\"not a key\":\"v\"}}}");
            run.status(ObjectType.CONFIG_MAP, "c", "{\"status\":{\"a\":1}}");
        });
    }
}
