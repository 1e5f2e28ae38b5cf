package io.opencrane.it.operator;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.resource.SecretText;
import io.opencrane.core.InstanceScope;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.crd.CrdBundle;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.testkit.cluster.FakeKubelet;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.litellm.FakeLiteLlm;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.regex.Pattern;

/** A namespace as the operator's README wants it, with a kubelet and a LiteLLM beside it. */
final class OperatorNamespace implements AutoCloseable {
    private static final String MASTER_KEY = "sk-master";
    private static final Path SAMPLE = Path.of("..", "samples", "operator");
    private static final String BINDING = """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: opencrane-operator}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: opencrane-operator}
            subjects: [{kind: ServiceAccount, name: opencrane-operator, namespace: %s}]
            """;

    final String name = "op-" + UUID.randomUUID().toString().substring(0, 8);
    final FakeLiteLlm liteLlm = FakeLiteLlm.start(SecretText.of(MASTER_KEY));
    final KubernetesClient client;
    final ObjectStore objects;
    private final ControlPlane controlPlane;
    private final FakeKubelet kubelet;

    OperatorNamespace(ControlPlane controlPlane) throws IOException {
        this(controlPlane, InstanceScope::namespace);
        create(Files.readString(SAMPLE.resolve("role.yaml")));
        create(BINDING.formatted(name));
    }

    /** Of an operator of the whole cluster, a control plane that nobody else uses. */
    static OperatorNamespace ofPlatform(ControlPlane controlPlane) throws Exception {
        OperatorNamespace platform = new OperatorNamespace(controlPlane, InstanceScope::wholeCluster);
        platform.apply(Files.readString(SAMPLE.resolve("role.yaml")).replace("kind: Role\n", "kind: ClusterRole\n"));
        platform.apply(Files.readString(SAMPLE.resolve("role-platform.yaml")));
        for (String role : List.of("opencrane-operator", "opencrane-operator-platform")) {
            String subject = "--serviceaccount=" + platform.name + ":opencrane-operator";
            platform.kubectl("create", "clusterrolebinding", role, "--clusterrole=" + role, subject);
        }
        return platform;
    }

    private OperatorNamespace(ControlPlane controlPlane, Function<String, InstanceScope> scope) {
        this.controlPlane = controlPlane;
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(controlPlane.kubeconfigYaml()))
                .build();
        CrdBundle.load().install(client, Duration.ofSeconds(30));
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        objects = KubernetesCluster.using(client, scope.apply(name)).objects();
        kubelet = FakeKubelet.besideControllers(objects);
    }

    private void create(String yaml) throws IOException {
        try (InputStream in = new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8))) {
            client.load(in).inNamespace(name).create();
        }
    }

    /** With the rights of the README's Role and no others. */
    Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("KUBECONFIG", controlPlane.kubeconfig().toString());
        environment.put("KUBERNETES_IMPERSONATE_USERNAME", "system:serviceaccount:" + name + ":opencrane-operator");
        environment.put("NAMESPACE", name);
        environment.put("WATCH_NAMESPACE", name);
        environment.put("REQUIRE_WATCH_NAMESPACE", "true");
        environment.put("INGRESS_DOMAIN", "example.com");
        environment.put("LITELLM_ENABLED", "true");
        environment.put("LITELLM_ENDPOINT", liteLlm.endpoint().toString());
        environment.put("LITELLM_MASTER_KEY", MASTER_KEY);
        return environment;
    }

    /** With the rights of both roles, and those of no administrator. */
    Map<String, String> platformEnvironment() {
        Map<String, String> environment = environment();
        environment.remove("WATCH_NAMESPACE");
        environment.remove("REQUIRE_WATCH_NAMESPACE");
        environment.put("CLUSTER_TENANTS", "true");
        return environment;
    }

    String kubectl(String... arguments) throws Exception {
        return Kubectl.run(controlPlane.kubeconfig(), name, "", arguments);
    }

    /** The commands of a section of the README, a block each. */
    List<String> readmeCommands(String heading) throws IOException {
        String readme = Files.readString(SAMPLE.resolve("README.md"));
        String section = readme.substring(readme.indexOf(heading + "\n")).split("\n## ")[0];
        return Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL)
                .matcher(section)
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    /** Runs them to the first that fails, in this namespace where they say {@code opencrane}. */
    String bash(String commands) throws Exception {
        return Kubectl.bash(controlPlane.kubeconfig(), commands.replace("-n opencrane ", "-n " + name + " "));
    }

    void apply(String yaml) throws Exception {
        Kubectl.run(controlPlane.kubeconfig(), name, yaml, "apply", "-f", "-");
    }

    void patch(String tenant, String spec) throws Exception {
        kubectl("patch", "tenant", tenant, "--type", "merge", "-p", "{\"spec\":" + spec + "}");
    }

    /** Runs the kubelet and looks, until it holds. */
    void until(String what, Callable<Boolean> holds) {
        await(what)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    kubelet.runOnce();
                    return holds.call();
                });
    }

    void untilPhase(String tenant, String phase) {
        until(tenant + " to be " + phase, () -> phase.equals(this.<String>status(tenant, "phase")));
    }

    <T> T status(String tenant, String field) {
        Optional<GenericKubernetesResource> found = objects.get(ref(tenant));
        return found.isEmpty() ? null : found.get().get("status", field);
    }

    boolean exists(ObjectRef ref) {
        return objects.get(ref).isPresent();
    }

    ObjectRef ref(String tenant) {
        return ObjectType.of(ResourceKind.TENANT).named(name, tenant);
    }

    @Override
    public void close() {
        liteLlm.close();
        client.close();
    }
}
