package io.opencrane.it.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantSpec;
import io.opencrane.api.clustertenant.ClusterTenantStatus;
import io.opencrane.api.clustertenant.SecretKeyRef;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.core.InstanceScope;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectStore.PatchType;
import io.opencrane.k8s.object.ObjectStore.Target;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.k8s.remote.CustomerClusters.Session;
import io.opencrane.k8s.remote.KubeconfigClusters;
import io.opencrane.testkit.TestClock;
import io.opencrane.testkit.cluster.InMemoryCluster;
import io.opencrane.testkit.fault.Failure;
import io.opencrane.testkit.fault.Faults;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When clients for customers' clusters are made, exchanged and closed. No request leaves. */
class KubeconfigClustersTest {
    private static final ObjectRef SECRET = ObjectType.SECRET.named("opencrane", "gold-kubeconfig");
    private static final String TOKEN = "vendors-token-0123456789";

    private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
    private final ObjectStore home =
            InMemoryCluster.create(InstanceScope.namespace("opencrane"), clock).objects();
    private final Faults faults = new Faults();
    private final List<KubernetesClient> made = new CopyOnWriteArrayList<>();
    private final KubeconfigClusters clusters = KubeconfigClusters.over(faults.wrap(ObjectStore.class, home))
            .client(config -> {
                KubernetesClient client =
                        new KubernetesClientBuilder().withConfig(config).build();
                made.add(client);
                return client;
            })
            .clock(clock)
            .build();

    @AfterEach
    void closeAll() {
        clusters.close();
    }

    private static String kubeconfig(String token) {
        return """
                apiVersion: v1
                kind: Config
                contexts: [{name: c, context: {cluster: c, user: u}}]
                clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
                users: [{name: u, user: {token: TOKEN}}]
                """.replace("TOKEN", token);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private void secret(String key, String content) {
        GenericKubernetesResource secret = new GenericKubernetesResource();
        secret.setApiVersion("v1");
        secret.setKind("Secret");
        secret.setMetadata(new ObjectMetaBuilder()
                .withNamespace(SECRET.namespace())
                .withName(SECRET.name())
                .build());
        secret.setAdditionalProperty("data", Map.of(key, base64(content)));
        home.create(secret);
    }

    private void change(String content) {
        String patch = "{\"data\":{\"kubeconfig\":\"" + base64(content) + "\"}}";
        home.patch(SECRET, Target.OBJECT, PatchType.MERGE, patch);
    }

    private void deleteSecret() {
        home.delete(SECRET, home.get(SECRET).orElseThrow().getMetadata().getUid());
    }

    private static ClusterTenant customer(String name, String key) {
        return new ClusterTenant(
                ResourceMetadata.of("", name),
                ClusterTenantSpec.builder(name).build(),
                ClusterTenantStatus.empty().toBuilder()
                        .kubeconfigSecretRef(new SecretKeyRef(SECRET.namespace(), SECRET.name(), key))
                        .build());
    }

    private Session open() {
        return clusters.open(customer("gold", ""));
    }

    private boolean isClosed(int client) {
        return made.get(client).getHttpClient().isClosed();
    }

    private void assertRefused(String words) {
        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        OpenCraneException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.DEPENDENCY_NOT_CONFIGURED))
                .hasMessageContainingAll("ClusterTenant gold", "gold-kubeconfig", words)
                .satisfies(e -> {
                    StringWriter trace = new StringWriter();
                    e.printStackTrace(new PrintWriter(trace, true));
                    assertThat(trace.toString()).doesNotContain(TOKEN, base64(TOKEN));
                });
    }

    @Test
    void oneClientServesAllSessionsOfOneVersionOfTheSecret() {
        secret("kubeconfig", kubeconfig(TOKEN));

        open().close();
        Session first = open();
        Session second = clusters.open(customer("silver", "kubeconfig"));

        assertThat(made).hasSize(1);
        assertThat(first.objects()).isSameAs(second.objects());
        assertThat(clusters.toString()).contains("1 connected").doesNotContain(TOKEN);
    }

    @Test
    void aChangedSecretIsANewClientAndTheOldOneClosesWithItsLastSession() {
        secret("kubeconfig", kubeconfig(TOKEN));
        Session first = open();
        Session second = open();
        change(kubeconfig("another"));

        open().close();

        assertThat(made).hasSize(2);
        assertThat(made.get(1).getConfiguration().getOauthToken()).isEqualTo("another");
        first.close();
        first.close();
        assertThat(isClosed(0)).as("the second session still uses it").isFalse();
        second.close();
        assertThat(isClosed(0)).isTrue();
        assertThat(isClosed(1)).isFalse();
    }

    @Test
    void aSecretMadeAnewIsAnotherEvenUnderTheSameContent() {
        secret("kubeconfig", kubeconfig(TOKEN));
        open().close();
        deleteSecret();
        secret("kubeconfig", kubeconfig(TOKEN));

        open().close();

        assertThat(made).hasSize(2);
        assertThat(isClosed(0)).isTrue();
    }

    @Test
    void aClientThatNobodyUsedForTenMinutesIsClosedAtTheNextCall() {
        secret("kubeconfig", kubeconfig(TOKEN));
        secretOfSilver();
        Session used = open();
        clock.advance(Duration.ofMinutes(11));
        silver().close();
        assertThat(isClosed(0)).as("a session is open").isFalse();

        used.close();
        clock.advance(Duration.ofMinutes(9));
        silver().close();
        assertThat(isClosed(0)).isFalse();

        clock.advance(Duration.ofMinutes(1));
        silver().close();
        assertThat(isClosed(0)).isTrue();
        open().close();
        assertThat(made).hasSize(3);
    }

    private void secretOfSilver() {
        GenericKubernetesResource secret = home.get(SECRET).orElseThrow();
        secret.setMetadata(new ObjectMetaBuilder()
                .withNamespace("opencrane")
                .withName("silver-kubeconfig")
                .build());
        home.create(secret);
    }

    private Session silver() {
        ClusterTenant silver = customer("silver", "");
        return clusters.open(silver.withStatus(silver.status().toBuilder()
                .kubeconfigSecretRef(new SecretKeyRef("opencrane", "silver-kubeconfig", ""))
                .build()));
    }

    @Test
    void closingClosesClientsInUseAndReplacedOnesToo() {
        secret("kubeconfig", kubeconfig(TOKEN));
        Session first = open();
        change(kubeconfig("another"));
        Session second = open();

        clusters.close();

        assertThat(isClosed(0)).isTrue();
        assertThat(isClosed(1)).isTrue();
        first.close();
        second.close();
        assertThatThrownBy(this::open).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aSecretThatIsGoneOrBrokenIsSaidAndItsClientClosed() {
        assertRefused("does not exist");
        secret("kubeconfig", kubeconfig(TOKEN));
        open().close();
        change(kubeconfig(TOKEN).replace("token: " + TOKEN, "exec: {command: " + TOKEN + "}"));
        assertRefused("exec");
        assertThat(isClosed(0)).isTrue();
        change(TOKEN);
        assertRefused("is not a kubeconfig");
        change(kubeconfig(TOKEN));
        open().close();
        deleteSecret();
        assertRefused("does not exist");
        assertThat(isClosed(1)).isTrue();
    }

    @Test
    void aKeyThatTheSecretHasNotIsSaid() {
        secret("config", kubeconfig(TOKEN));

        assertRefused("key kubeconfig, is not there");

        clusters.open(customer("gold", "config")).close();
    }

    @Test
    void aCustomerWithoutAKubeconfigIsSaid() {
        ClusterTenant none = customer("gold", "").withStatus(ClusterTenantStatus.empty());

        assertThatThrownBy(() -> clusters.open(none)).hasMessageContaining("names no Secret");
    }

    @Test
    void aSecretThatCannotBeReadIsAFailureOfHomeAndClosesNothing() {
        secret("kubeconfig", kubeconfig(TOKEN));
        open().close();
        faults.failWhile(call -> call.is(ObjectStore.class, "get"), Failure.FORBIDDEN);

        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        OpenCraneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN));

        assertThat(isClosed(0)).isFalse();
    }

    @Test
    void noSessionsClientIsClosedWhileOthersOpenAndTheSecretChanges() throws Exception {
        secret("kubeconfig", kubeconfig(TOKEN));
        AtomicInteger version = new AtomicInteger();
        ExecutorService workers = Executors.newFixedThreadPool(4);
        List<Future<?>> done = new ArrayList<>();
        for (int worker = 0; worker < 4; worker++) {
            done.add(workers.submit(() -> {
                for (int i = 0; i < 15; i++) {
                    try (Session session = open()) {
                        change(kubeconfig("t" + version.incrementAndGet()));
                        open().close();
                        assertThat(isAskedOverAnOpenClient(session)).isTrue();
                    }
                }
            }));
        }
        for (Future<?> worker : done) {
            worker.get(60, TimeUnit.SECONDS);
        }
        workers.shutdown();

        assertThat(made.stream().filter(client -> !client.getHttpClient().isClosed()))
                .as("every replaced one is closed, the present one is not")
                .hasSize(1);
        Session last = open();
        clusters.close();
        assertThat(isAskedOverAnOpenClient(last))
                .as("what a closed one would say")
                .isFalse();
    }

    /** Nobody listens there, which may pass; that the client is closed may not. */
    private static boolean isAskedOverAnOpenClient(Session session) {
        try {
            session.objects().get(SECRET);
            throw new AssertionError("somebody answered");
        } catch (OpenCraneException e) {
            return e.isRetryable();
        }
    }

    @Test
    void aClientThatCannotBeMadeIsSaidWithoutItsReasonsWords() {
        secret("kubeconfig", kubeconfig(TOKEN));
        try (KubeconfigClusters failing = KubeconfigClusters.over(home)
                .client(config -> {
                    throw new IllegalArgumentException(config.getOauthToken());
                })
                .build()) {
            assertThatThrownBy(() -> failing.open(customer("gold", "")))
                    .hasMessageContaining("IllegalArgumentException")
                    .hasMessageNotContaining(TOKEN)
                    .hasNoCause();
        }
    }
}
