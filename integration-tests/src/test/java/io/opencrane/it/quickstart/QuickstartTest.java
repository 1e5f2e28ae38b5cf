package io.opencrane.it.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.opencrane.core.InstanceScope;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.samples.quickstart.Quickstart;
import io.opencrane.testkit.cluster.FakeKubelet;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The quickstart does what the README says, and fails clearly when it cannot. */
class QuickstartTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... args) {
        return Quickstart.run(
                args,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String told() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String failure() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private void assertDidTheMainJob(int exit) {
        assertThat(failure()).isEmpty();
        assertThat(exit).isZero();
        assertThat(told())
                .containsSubsequence(
                        "created opencrane-quickstart/acme, projection WRITTEN",
                        "phase RUNNING, host acme.tenants.example.com",
                        "Deployment opencrane-quickstart/openclaw-acme",
                        "200 USD a month",
                        "spent 0 of 200 USD",
                        "/2, ended null",
                        "/1, ended 2",
                        "drift: acme FIELD_MISMATCH",
                        "dry run: would be UPDATED: acme",
                        "repaired 1",
                        "phase SUSPENDED",
                        "phase RUNNING",
                        "kept: Secret opencrane-quickstart/openclaw-acme-encryption-key",
                        "kept: PersistentVolumeClaim opencrane-quickstart/openclaw-acme-state",
                        "Everything was as promised.")
                .doesNotContain("sk-");
    }

    @Test
    void withoutOptionsEverythingRunsInThisProcess() {
        assertDidTheMainJob(run());
    }

    @Test
    void aWrongOptionShowsTheUsage() {
        assertThat(run("--kubeconfg", "x")).isEqualTo(2);
        assertThat(failure()).contains("Unknown option --kubeconfg.", "usage: quickstart");
        assertThat(run("--kubeconfig")).isEqualTo(2);
        assertThat(failure()).contains("--kubeconfig needs a value.");
    }

    @Test
    void aGatewayWithoutItsMasterKeyIsAWrongCommandLine() {
        assertThat(run("--litellm-endpoint", "http://127.0.0.1:1")).isEqualTo(2);
        assertThat(failure()).contains("LITELLM_MASTER_KEY");
    }

    @Test
    @Timeout(15)
    void anUnreachableDatabaseIsOneClearLineWithinSeconds() {
        assertThat(run("--database-url", "postgresql://u:topsecret@127.0.0.1:1/db"))
                .isEqualTo(1);
        assertThat(failure()).startsWith("FAILED: UPSTREAM_ERROR: ").doesNotContain("topsecret", "\tat ");
        assertThat(told()).as("nothing was started").isEmpty();
    }

    @Test
    @Timeout(15)
    void anUnreachableClusterIsOneClearLineWithinSeconds(@TempDir Path dir) throws Exception {
        Path kubeconfig = Files.writeString(dir.resolve("config"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
                users: [{name: u, user: {token: topsecret}}]
                contexts: [{name: x, context: {cluster: c, user: u}}]
                current-context: x
                """);

        assertThat(run("--kubeconfig", kubeconfig.toString())).isEqualTo(1);
        assertThat(failure()).startsWith("FAILED: UPSTREAM_ERROR").doesNotContain("topsecret", "\tat ");
        assertThat(failure().lines()).hasSize(1);
    }

    @Nested
    @ControlPlaneTest(needsControllerManager = true)
    class OnARealControlPlane {
        /** Twice: the second run finds the state that the first one kept. */
        @Test
        void itDoesTheSameAndMayRunAgain(ControlPlane controlPlane) {
            try (KubernetesClient client = new KubernetesClientBuilder()
                            .withConfig(Config.fromKubeconfig(controlPlane.kubeconfigYaml()))
                            .build();
                    KubernetesCluster cluster =
                            KubernetesCluster.using(client, InstanceScope.namespace("opencrane-quickstart"))) {
                FakeKubelet kubelet = FakeKubelet.besideControllers(cluster.objects());
                ScheduledExecutorService beside = Executors.newSingleThreadScheduledExecutor();
                beside.scheduleWithFixedDelay(kubelet::runOnce, 0, 100, TimeUnit.MILLISECONDS);
                try {
                    assertDidTheMainJob(
                            run("--kubeconfig", controlPlane.kubeconfig().toString()));
                    out.reset();
                    assertDidTheMainJob(
                            run("--kubeconfig", controlPlane.kubeconfig().toString()));
                } finally {
                    beside.shutdownNow();
                }
            }
        }
    }
}
