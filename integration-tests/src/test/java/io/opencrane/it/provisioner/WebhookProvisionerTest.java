package io.opencrane.it.provisioner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.clustertenant.ClusterTenantResources;
import io.opencrane.api.clustertenant.ClusterTenantSpec;
import io.opencrane.api.clustertenant.Compute;
import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.clustertenant.Quota;
import io.opencrane.api.clustertenant.SecretKeyRef;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.provisioner.DeprovisionRequest;
import io.opencrane.api.provisioner.ProvisionRequest;
import io.opencrane.api.provisioner.Provisioning;
import io.opencrane.api.provisioner.Provisioning.State;
import io.opencrane.api.provisioner.StatusRequest;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.resource.Quantity;
import io.opencrane.api.resource.SecretText;
import io.opencrane.core.settings.ProvisionerSettings;
import io.opencrane.testkit.provisioner.BackendFault;
import io.opencrane.testkit.provisioner.BackendRequest;
import io.opencrane.testkit.provisioner.FakeProvisionerBackend;
import io.opencrane.webhook.WebhookEndpoint;
import io.opencrane.webhook.WebhookProvisioner;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookProvisionerTest {
    private static final SecretText TOKEN = SecretText.of("t0ken-of-the-provisioner");
    private static final ClusterTenantSpec SPEC = ClusterTenantSpec.builder("ACME")
            .isolationTier(IsolationTier.DEDICATED_CLUSTER)
            .build();

    private final FakeProvisionerBackend backend = FakeProvisionerBackend.start(TOKEN);
    private final WebhookProvisioner provisioner = builder().build();

    @AfterEach
    void stop() {
        backend.close();
    }

    @Test
    void whatIsAskedIsInTheShapeOfTheContract() {
        provisioner.provision(new ProvisionRequest(
                "acme",
                SPEC.toBuilder()
                        .compute(Compute.dedicated("gold"))
                        .resources(new ClusterTenantResources(Quota.builder()
                                .cpu(Quantity.parse("8"))
                                .memory(Quantity.parse("32Gi"))
                                .pods(20L)
                                .build()))
                        .build(),
                "op-7"));
        provisioner.provision(new ProvisionRequest("acme", SPEC, null));
        provisioner.status(new StatusRequest("acme", null));
        provisioner.deprovision(new DeprovisionRequest("acme", true, "op-8"));
        assertThat(backend.requests())
                .containsExactly(
                        request(
                                "provision",
                                Map.of(
                                        "name", "acme",
                                        "operationId", "op-7",
                                        "isolationTier", "dedicatedCluster",
                                        "compute", Map.of("mode", "dedicated", "nodePool", "gold"),
                                        "quota", Map.of("cpu", "8", "memory", "32Gi", "pods", 20))),
                        request(
                                "provision",
                                Map.of(
                                        "name",
                                        "acme",
                                        "isolationTier",
                                        "dedicatedCluster",
                                        "compute",
                                        Map.of("mode", "shared"),
                                        "quota",
                                        Map.of())),
                        request("status", Map.of("name", "acme")),
                        request("deprovision", Map.of("name", "acme", "retainState", true, "operationId", "op-8")));
    }

    @Test
    void whatIsAnsweredIsRead() {
        backend.answerWith(
                "{\"phase\":\"ready\",\"message\":\"Done.\",\"boundNamespace\":\"acme\",\"kubeconfigSecretRef\":"
                        + "{\"namespace\":\"home\",\"name\":\"acme\"},\"operationId\":\"op-1\",\"retryAfterSeconds\":90}");
        assertThat(provision())
                .isEqualTo(new Provisioning(
                        State.READY,
                        "Done.",
                        "acme",
                        new SecretKeyRef("home", "acme", "kubeconfig"),
                        "op-1",
                        Duration.ofSeconds(90)));
    }

    @ParameterizedTest
    @CsvSource({"pending, IN_PROGRESS", "provisioning, IN_PROGRESS", "failed, FAILED"})
    void aPhaseIsAState(String phase, State state) {
        backend.answerWith("{\"phase\":\"" + phase + "\",\"message\":\"m\",\"operationId\":\"op\"}");
        assertThat(provision().state()).isEqualTo(state);
        assertThat(status().state()).isEqualTo(state);
        Provisioning removal = deprovision();
        assertThat(removal.state()).isEqualTo(state);
        assertThat(removal.operationId()).isEqualTo("op");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}"})
    void aRemovalWithoutAPhaseIsDoneAndAnythingElseWithoutAPhaseIsRefused(String body) {
        backend.answerWith(body);
        assertThat(deprovision()).isEqualTo(Provisioning.absent());
        assertFails(this::provision, ErrorCode.UPSTREAM_ERROR, false);
        assertFails(this::status, ErrorCode.UPSTREAM_ERROR, false);
    }

    @Test
    void a404IsAbsentButNotForAProvision() {
        backend.failWhile(BackendFault.NOT_FOUND);
        assertThat(status()).isEqualTo(Provisioning.absent());
        assertThat(deprovision()).isEqualTo(Provisioning.absent());
        assertFails(this::provision, ErrorCode.NOT_FOUND, false);
    }

    @Test
    void readyIsNoAnswerToARemoval() {
        backend.answerWith("{\"phase\":\"ready\",\"kubeconfigSecretRef\":{\"namespace\":\"home\",\"name\":\"acme\"}}");
        assertFails(this::deprovision, ErrorCode.UPSTREAM_ERROR, false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"phase\":\"Marvellous\"}",
                "{\"phase\":3}",
                "{\"phase\":\"failed\",\"Marvellous\":1}",
                "{\"message\":\"Marvellous\"}",
                "{\"phase\":\"failed\",\"message\":[\"Marvellous\"]}",
                "{\"phase\":\"failed\",\"boundNamespace\":{\"Marvellous\":1}}",
                "{\"phase\":\"ready\"}",
                "{\"phase\":\"ready\",\"kubeconfigSecretRef\":{\"namespace\":\"Marvellous\"}}",
                "{\"phase\":\"ready\",\"kubeconfigSecretRef\":[\"Marvellous\"]}",
                "{\"phase\":\"ready\",\"kubeconfigSecretRef\":{\"namespace\":\"a\",\"name\":\"b\",\"Marvellous\":\"c\"}}",
                "{\"phase\":\"pending\",\"operationId\":\"Marvellous work\"}",
                "{\"phase\":\"pending\",\"retryAfterSeconds\":-5}",
                "{\"phase\":\"pending\",\"retryAfterSeconds\":\"Marvellous\"}",
                "{\"phase\":\"pending\"} Marvellous",
                "{\"phase\":\"pending\",\"phase\":\"Marvellous\"}",
                "[\"Marvellous\"]"
            })
    void anAnswerInAnotherFormIsRefusedWithoutBeingQuoted(String body) {
        backend.answerWith(body);
        for (ThrowingCallable call : List.<ThrowingCallable>of(this::provision, this::status, this::deprovision)) {
            assertFails(call, ErrorCode.UPSTREAM_ERROR, false, "Marvellous");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"phase\":\"ready\",\"kubeconfig\":\"s3cret\"}",
                "{\"phase\":\"ready\",\"kubeconfigSecretRef\":\"s3cret\"}",
                "{\"phase\":\"ready\",\"kubeconfigSecretRef\":{\"namespace\":\"a\",\"name\":\"b\",\"data\":\"s3cret\"}}",
                "{\"phase\":\"pending\",\"token\":\"s3cret\"}",
                "{\"phase\":\"pending\",\"status\":{\"deep\":[{\"clientKey\":\"s3cret\"}]}}",
                "{\"phase\":\"pending\",\"message\":\"-----BEGIN PRIVATE KEY----- s3cret\"}",
                "{\"phase\":\"pending\",\"message\":\"client-key-data: s3cret\"}",
                "{\"phase\":\"pending\",\"message\":\"Bearer s3cret-s3cret\"}",
                "{\"phase\":\"pending\",\"message\":\"log in with password=s3cret\"}",
                "{\"phase\":\"pending\",\"message\":\"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzM2NyZXQifQ.s3cret\"}",
                "{\"phase\":\"pending\",\"operationId\":\"token=s3cret\"}",
                "{\"phase\":\"pending\",\"boundNamespace\":\"LS0tLS1CRUdJTiBs3cret\"}"
            })
    void aCredentialInAnAnswerIsRefusedAsSuchAndNotKept(String body) {
        backend.answerWith(body);
        for (ThrowingCallable call : List.<ThrowingCallable>of(this::provision, this::status, this::deprovision)) {
            assertFails(call, ErrorCode.UPSTREAM_ERROR, false, "s3cret");
            assertThatThrownBy(call).hasMessageContaining("only a reference to a Secret is accepted");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OUTAGE, UPSTREAM_ERROR, true",
        "SERVER_ERROR, UPSTREAM_ERROR, true",
        "RATE_LIMITED, UPSTREAM_ERROR, true",
        "CONFLICT, CONFLICT, true",
        "UNAUTHORIZED, UNAUTHORIZED, false",
        "FORBIDDEN, FORBIDDEN, false",
        "CUT_BEFORE, UPSTREAM_ERROR, true",
        "CUT_AFTER, UPSTREAM_ERROR, true",
        "WITHHELD, TIMEOUT, true",
        "TRICKLES, TIMEOUT, true",
        "REDIRECT, UPSTREAM_ERROR, false",
        "OVERSIZED, UPSTREAM_ERROR, false",
        "GARBAGE, UPSTREAM_ERROR, false",
        "INLINE_CREDENTIALS, UPSTREAM_ERROR, false"
    })
    void aProvisionAndARemovalAreSentOnceWhateverComesOfThem(BackendFault fault, ErrorCode code, boolean retryable) {
        WebhookProvisioner hasty =
                builder().requestTimeout(Duration.ofMillis(400)).build();
        backend.failWhile(fault);
        assertFails(() -> hasty.provision(new ProvisionRequest("acme", SPEC, null)), code, retryable);
        assertFails(() -> hasty.deprovision(new DeprovisionRequest("acme", true, null)), code, retryable);
        assertThat(backend.requests()).extracting(BackendRequest::route).containsExactly("provision", "deprovision");
    }

    @ParameterizedTest
    @EnumSource(
            value = BackendFault.class,
            names = {"OUTAGE", "SERVER_ERROR", "RATE_LIMITED", "CUT_BEFORE", "CUT_AFTER"})
    void aStatusIsAskedAgainAfterWhatMayPass(BackendFault fault) {
        provision();
        backend.failRequest(1, fault);
        assertThat(status().state()).isEqualTo(State.READY);
        assertThat(backend.requests()).hasSize(3);
    }

    @Test
    void anUnreadableBackendIsNeverAbsent() {
        provision();
        backend.provisioner().failWith(new IllegalStateException("broken"));
        assertFails(this::status, ErrorCode.UPSTREAM_ERROR, true);
    }

    @Test
    void theSettingsOfTheEnvironmentAreEnough() {
        WebhookProvisioner found = WebhookProvisioner.from(new ProvisionerSettings(backend.url(), TOKEN, "external"))
                .timeout(Duration.ofHours(6))
                .retainsState()
                .build();
        assertThat(found.id()).isEqualTo("external");
        assertThat(found.capabilities().tiers()).containsExactly(IsolationTier.DEDICATED_CLUSTER);
        assertThat(found.capabilities().timeout()).isEqualTo(Duration.ofHours(6));
        assertThat(found.capabilities().retainsState()).isTrue();
        assertThat(builder().build().capabilities().retainsState())
                .as("what nobody said of the backend")
                .isFalse();
        assertThat(found.provision(new ProvisionRequest("acme", SPEC, null)).state())
                .isEqualTo(State.READY);
        assertThat(found).hasToString("WebhookProvisioner[external, WebhookClient[" + backend.url() + "]]");
    }

    private WebhookProvisioner.Builder builder() {
        return WebhookProvisioner.builder("hook", WebhookEndpoint.of(backend.url(), TOKEN))
                .statusAttempts(2, Duration.ofMillis(1));
    }

    private Provisioning provision() {
        return provisioner.provision(new ProvisionRequest("acme", SPEC, null));
    }

    private Provisioning status() {
        return provisioner.status(new StatusRequest("acme", null));
    }

    private Provisioning deprovision() {
        return provisioner.deprovision(new DeprovisionRequest("acme", false, null));
    }

    private static BackendRequest request(String route, Map<String, ?> body) {
        return new BackendRequest(route, FreeForm.of(body));
    }

    /** Whatever fails, neither the token nor what came back shows. */
    private static void assertFails(ThrowingCallable call, ErrorCode code, boolean retryable, String... untold) {
        assertThatThrownBy(call).isInstanceOfSatisfying(OpenCraneException.class, e -> {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            assertThat(e.isRetryable()).as(e.getMessage()).isEqualTo(retryable);
            StringWriter text = new StringWriter();
            e.printStackTrace(new PrintWriter(text, true));
            assertThat(text.toString()).doesNotContain(TOKEN.reveal(), FakeProvisionerBackend.INLINE_CREDENTIAL);
            assertThat(List.of(untold)).noneMatch(text.toString()::contains);
        });
    }
}
