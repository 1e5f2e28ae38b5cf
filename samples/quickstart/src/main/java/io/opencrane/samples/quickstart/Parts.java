package io.opencrane.samples.quickstart;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.opencrane.api.resource.SecretText;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.port.ModelGateway;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.crd.CrdBundle;
import io.opencrane.litellm.LiteLlmGateway;
import io.opencrane.postgres.DatabaseUrl;
import io.opencrane.postgres.PostgresDataSources;
import io.opencrane.testkit.cluster.FakeKubelet;
import io.opencrane.testkit.cluster.InMemoryCluster;
import io.opencrane.testkit.litellm.FakeLiteLlm;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import javax.sql.DataSource;

/** The outside systems, real or not, as the options ask for. Closes what it opened. */
final class Parts implements AutoCloseable {
    static final String NAMESPACE = "opencrane-quickstart";

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final SecretText masterKey;
    final KubernetesCluster cluster;
    final Optional<FakeKubelet> kubelet;
    final DataSource dataSource;
    final URI liteLlmEndpoint;
    final ModelGateway gateway;

    Parts(Options options) throws IOException {
        try {
            InstanceScope scope = InstanceScope.namespace(NAMESPACE);
            cluster = options.kubeconfig().isPresent()
                    ? realCluster(options.kubeconfig().get(), scope)
                    : KubernetesCluster.over(
                            InMemoryCluster.create(scope, InstantSource.system())
                                    .objects(),
                            scope);
            kubelet = options.kubeconfig().isPresent()
                    ? Optional.empty()
                    : Optional.of(FakeKubelet.withControllers(cluster.objects()));
            dataSource = options.databaseUrl().isPresent()
                    ? PostgresDataSources.unpooled(
                            DatabaseUrl.parse(options.databaseUrl().get()))
                    : open(EmbeddedPostgres.start()).getPostgresDatabase();
            masterKey = SecretText.of(
                    options.liteLlmEndpoint().isPresent()
                            ? Optional.ofNullable(System.getenv("LITELLM_MASTER_KEY"))
                                    .orElseThrow(() -> new IllegalArgumentException("Set LITELLM_MASTER_KEY."))
                            : "sk-quickstart-master");
            liteLlmEndpoint = options.liteLlmEndpoint().isPresent()
                    ? URI.create(options.liteLlmEndpoint().get())
                    : open(FakeLiteLlm.start(masterKey)).endpoint();
            gateway = LiteLlmGateway.builder(liteLlmEndpoint, masterKey).build();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private KubernetesCluster realCluster(String kubeconfig, InstanceScope scope) {
        KubernetesClient client = open(new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(new File(kubeconfig)))
                .build());
        CrdBundle.load().install(client, Duration.ofSeconds(30));
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(NAMESPACE)
                        .endMetadata()
                        .build())
                .serverSideApply();
        return open(KubernetesCluster.using(client, scope));
    }

    private <T extends AutoCloseable> T open(T part) {
        opened.push(part);
        return part;
    }

    SecretText masterKey() {
        return masterKey;
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                System.err.println("Could not close a part: " + e);
            }
        }
    }
}
