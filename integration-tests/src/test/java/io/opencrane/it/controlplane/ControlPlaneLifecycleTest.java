package io.opencrane.it.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@ControlPlaneTest
class ControlPlaneLifecycleTest {
    @Test
    void twoRunSideBySideAndClosingOneStopsExactlyItsServers(ControlPlane shared) {
        ControlPlane own = ControlPlane.start();
        Path directory = own.kubeconfig().getParent();
        List<ProcessHandle> servers = serversIn(directory);
        assertThat(servers).hasSize(own.hasControllerManager() ? 3 : 2);
        try (KubernetesClient client = client(own)) {
            assertThat(client.namespaces().withName("default").get()).isNotNull();
        }
        own.close();
        own.close();
        assertThat(servers).noneMatch(ProcessHandle::isAlive);
        assertThat(directory).doesNotExist();
        try (KubernetesClient client = client(shared)) {
            assertThat(client.namespaces().withName("default").get()).isNotNull();
        }
    }

    @Test
    void theKubeconfigFileIsWhatItSaysAndTheCredentialShowsNowhereElse(ControlPlane shared) throws Exception {
        assertThat(Files.readString(shared.kubeconfig())).isEqualTo(shared.kubeconfigYaml());
        Config config = Config.fromKubeconfig(shared.kubeconfigYaml());
        assertThat(config.isTrustCerts()).as("the certificate is checked").isFalse();
        assertThat(config.getAutoOAuthToken()).isNotBlank();
        assertThat(shared.toString()).doesNotContain(config.getAutoOAuthToken());
    }

    @Test
    void aDirectoryWithoutTheBinariesSaysHowToGetThem(@TempDir Path empty) {
        assertThatThrownBy(() -> ControlPlane.start(empty))
                .isInstanceOfSatisfying(
                        OpenCraneException.class,
                        missing -> assertThat(missing.code()).isEqualTo(ErrorCode.DEPENDENCY_NOT_CONFIGURED))
                .hasMessageContaining("etcd")
                .hasMessageContaining("KUBEBUILDER_ASSETS");
    }

    @Test
    void aServerThatEndsAtOnceIsAFailureWithItsLastWords(@TempDir Path broken) throws Exception {
        for (String name : List.of("etcd", "kube-apiserver")) {
            Path script = Files.writeString(broken.resolve(name), "#!/bin/sh\necho \"$0 is broken\"\nexit 3\n");
            assertThat(script.toFile().setExecutable(true)).isTrue();
        }
        OpenCraneException failed = catchThrowableOfType(OpenCraneException.class, () -> ControlPlane.start(broken));
        assertThat(failed.code()).isEqualTo(ErrorCode.UPSTREAM_ERROR);
        assertThat(failed).hasMessageContaining("kube-apiserver is broken");
        Matcher kept = Pattern.compile("Its log is in (\\S+)").matcher(failed.getMessage());
        assertThat(kept.find()).isTrue();
        Path logs = Path.of(kept.group(1));
        assertThat(logs.resolve("kube-apiserver.log")).exists();
        try (Stream<Path> files = Files.walk(logs)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static List<ProcessHandle> serversIn(Path directory) {
        try (Stream<ProcessHandle> all = ProcessHandle.current().descendants()) {
            return all.filter(process -> process.info().command().orElse("").contains("kube-")
                            || process.info().command().orElse("").endsWith("etcd"))
                    .filter(process -> workingDirectory(process).equals(directory))
                    .toList();
        }
    }

    private static Path workingDirectory(ProcessHandle process) {
        try {
            return Path.of("/proc", String.valueOf(process.pid()), "cwd").toRealPath();
        } catch (IOException gone) {
            return Path.of("/");
        }
    }

    private static KubernetesClient client(ControlPlane controlPlane) {
        return new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(controlPlane.kubeconfigYaml()))
                .build();
    }
}
