package io.opencrane.core.provisioner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.opencrane.api.clustertenant.ClusterTenantSpec;
import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.clustertenant.SecretKeyRef;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.provisioner.DeprovisionRequest;
import io.opencrane.api.provisioner.ProvisionRequest;
import io.opencrane.api.provisioner.Provisioning;
import io.opencrane.api.provisioner.Provisioning.State;
import io.opencrane.api.provisioner.StatusRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a stranger's provisioner does, its caller sees an answer that makes sense or an OpenCraneException. */
class GuardedProvisionerTest {
    private static final StatusRequest GOLD = new StatusRequest("gold", null);
    private static final StatusRequest SILVER = new StatusRequest("silver", null);

    private final Scripted scripted = new Scripted("acme");

    private GuardedProvisioner guarded() {
        return guarded(Runnable::run, Duration.ofSeconds(5));
    }

    private GuardedProvisioner guarded(Executor executor, Duration timeout) {
        return Provisioners.calledOn(executor)
                .callTimeout(timeout)
                .add(scripted)
                .build()
                .forTier(IsolationTier.DEDICATED_CLUSTER);
    }

    private void answers(Provisioning answer) {
        scripted.answer = () -> answer;
    }

    private OpenCraneException refused(Supplier<Provisioning> answer) {
        scripted.answer = answer;
        return catchThrowableOfType(OpenCraneException.class, () -> guarded().status(GOLD));
    }

    @Test
    void anAnswerThatMakesSenseComesThrough() {
        answers(new Provisioning(
                State.READY,
                "Ready.",
                "tenants",
                new SecretKeyRef("opencrane-system", "acme", ""),
                "op-1",
                Duration.ofMinutes(1)));

        Provisioning answer = guarded().status(GOLD);

        assertThat(answer.kubeconfigSecretRef()).isEqualTo(Scripted.KUBECONFIG);
        assertThat(answer)
                .extracting(Provisioning::state, Provisioning::message, Provisioning::boundNamespace)
                .containsExactly(State.READY, "Ready.", "tenants");
        assertThat(answer.operationId()).isEqualTo("op-1");
        assertThat(answer.askAgainAfter()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void aStrangersExceptionIsNamedByItsTypeOnly() {
        OpenCraneException e = refused(() -> {
            throw new IllegalStateException("token=hunter2");
        });

        assertThat(e.code()).isEqualTo(ErrorCode.UPSTREAM_ERROR);
        assertThat(e.isRetryable()).isTrue();
        assertThat(e).hasMessageContaining("IllegalStateException").hasMessageContaining("provisioner acme");
        assertThat(e.getMessage()).doesNotContain("hunter2");
    }

    @Test
    void anErrorIsContainedToo() {
        OpenCraneException e = refused(() -> {
            throw new NoClassDefFoundError("vendor/Sdk");
        });

        assertThat(e.code()).isEqualTo(ErrorCode.UPSTREAM_ERROR);
        assertThat(e).hasMessageContaining("NoClassDefFoundError");
    }

    @Test
    void anExceptionOfOursComesThroughAsItIs() {
        OpenCraneException own = new OpenCraneException(ErrorCode.FORBIDDEN, "acme", "No.");
        assertThat(refused(() -> {
                    throw own;
                }))
                .isSameAs(own);
    }

    @Test
    void nothingIsNoAnswer() {
        assertThat(refused(() -> null)).hasMessageContaining("answered nothing");
    }

    @Test
    void aStateThatAnswersAnotherQuestionIsRefused() {
        GuardedProvisioner guarded = guarded();
        answers(Provisioning.absent());
        assertThatThrownBy(() -> guarded.provision(new ProvisionRequest(
                        "gold", ClusterTenantSpec.builder("Gold").build(), null)))
                .hasMessageContaining("ABSENT");
        answers(Provisioning.ready(Scripted.KUBECONFIG));
        assertThatThrownBy(() -> guarded.deprovision(new DeprovisionRequest("gold", true, null)))
                .hasMessageContaining("READY");
    }

    @Test
    void readyNeedsAKubeconfigThatIsAReference() {
        assertThat(refused(() -> new Provisioning(State.READY, null, null, null, null, null)))
                .hasMessageContaining("without a kubeconfigSecretRef");
        for (SecretKeyRef nonsense : new SecretKeyRef[] {
            new SecretKeyRef("", "acme", "kubeconfig"),
            new SecretKeyRef("opencrane-system", "", "kubeconfig"),
            new SecretKeyRef("opencrane-system", "apiVersion: v1", "kubeconfig"),
            new SecretKeyRef("opencrane-system", "acme", "../key"),
        }) {
            OpenCraneException e = refused(() -> Provisioning.ready(nonsense));
            assertThat(e).hasMessageContaining("names no key of a Secret");
            assertThat(e.getMessage()).doesNotContain("apiVersion");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Tenants", "a.b", "kube system"})
    void aNamespaceThatIsNoneIsRefused(String namespace) {
        assertThat(refused(() -> Provisioning.inProgress(null).inNamespace(namespace)))
                .hasMessageContaining("boundNamespace");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "bearer:x password=hunter2x", "ünïcode"})
    void anOperationThatIsNoneIsRefused(String operation) {
        assertThat(refused(() -> Provisioning.inProgress(operation)).getMessage())
                .contains("operationId")
                .doesNotContain("hunter2x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----BEGIN PRIVATE KEY-----",
                "log in with password=hunter2",
                "Authorization: Bearer abcdefgh12345",
                "client-key-data: LS0t",
                "\"token\": \"abc\"",
                "LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQ==",
                "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhY21lIn0.c2lnbmF0dXJl"
            })
    void aMessageWithACredentialIsWithheld(String message) {
        answers(Provisioning.inProgress(null).withMessage(message));

        assertThat(guarded().status(GOLD).message()).contains("withheld");
    }

    @Test
    void aMessageIsOneLineOfAThousandCharactersAtMost() {
        answers(Provisioning.inProgress(null).withMessage("a\n\u0000b" + "x".repeat(5_000)));

        assertThat(guarded().status(GOLD).message())
                .hasSize(1_000)
                .startsWith("a b")
                .endsWith("…");
        answers(Provisioning.inProgress(null).withMessage(" \n "));
        assertThat(guarded().status(GOLD).message()).isNull();
    }

    @Test
    void aMessageNeverEndsInHalfACharacter() {
        answers(Provisioning.inProgress(null).withMessage("x".repeat(998) + "\uD83D\uDE80" + "x".repeat(9)));
        assertThat(guarded().status(GOLD).message())
                .satisfies(text -> assertThat(text.codePoints())
                        .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));

        answers(Provisioning.inProgress(null).withMessage("half \uD83D of one, \uD83D\uDE80 whole"));
        assertThat(guarded().status(GOLD).message()).isEqualTo("half ? of one, \uD83D\uDE80 whole");
    }

    @Test
    void aDelayIsBroughtIntoBounds() {
        answers(Provisioning.inProgress(null).askAgainAfter(Duration.ofDays(-1)));
        assertThat(guarded().status(GOLD).askAgainAfter()).isEqualTo(Duration.ofSeconds(1));
        answers(Provisioning.inProgress(null).askAgainAfter(Duration.ofDays(36_500)));
        assertThat(guarded().status(GOLD).askAgainAfter()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void oneThatHangsIsLeftBehindAndAnotherCustomerIsStillServed() throws InterruptedException {
        List<Thread> threads = new CopyOnWriteArrayList<>();
        Executor executor = task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        };
        CountDownLatch stuck = new CountDownLatch(1);
        GuardedProvisioner guarded = guarded(executor, Duration.ofMillis(200));
        scripted.answer = () -> {
            waitUninterruptibly(stuck);
            return Provisioning.inProgress("op");
        };
        assertThatThrownBy(() -> guarded.status(GOLD)).isInstanceOfSatisfying(OpenCraneException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT);
            assertThat(e.isRetryable()).isTrue();
        });
        assertThatThrownBy(() -> guarded.status(GOLD)).hasMessageContaining("has not returned yet");
        answers(Provisioning.inProgress("op"));
        assertThat(guarded.status(SILVER).state()).isEqualTo(State.IN_PROGRESS);

        stuck.countDown();
        threads.get(0).join();
        assertThat(guarded.status(GOLD).state()).isEqualTo(State.IN_PROGRESS);
    }

    /** As code does that swallows interrupts. */
    private static void waitUninterruptibly(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException e) {
                // That is the point: the time-out's interrupt does not end it.
                continue;
            }
        }
    }

    @Test
    void anExecutorThatIsFullIsAnErrorThatPasses() {
        Executor full = task -> {
            throw new RejectedExecutionException("full");
        };

        assertThatThrownBy(() -> guarded(full, Duration.ofSeconds(1)).status(GOLD))
                .hasMessageContaining("takes no more calls");
    }

    @Test
    void anInterruptedCallerIsReleasedAndStaysInterrupted() {
        Executor never = task -> {};
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> guarded(never, Duration.ofMinutes(1)).status(GOLD))
                .hasMessageContaining("Interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }
}
