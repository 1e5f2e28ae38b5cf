package io.opencrane.testkit.provisioner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import io.opencrane.core.provisioner.GuardedProvisioner;
import io.opencrane.core.provisioner.Provisioners;
import io.opencrane.testkit.TestClock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class FakeProvisionerTest {
    private static final ClusterTenantSpec SPEC = ClusterTenantSpec.builder("ACME")
            .isolationTier(IsolationTier.DEDICATED_CLUSTER)
            .build();

    private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
    private final FakeProvisioner fake = new FakeProvisioner(clock);

    @Test
    void aClusterTakesItsTime() {
        fake.takes(Duration.ofHours(1)).kubeconfigs(name -> new SecretKeyRef("home", name, "config"));
        Provisioning begun = provision("acme");
        assertThat(begun.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(begun.askAgainAfter()).isEqualTo(Duration.ofHours(1));
        clock.advance(Duration.ofMinutes(59));
        assertThat(status("acme").state()).isEqualTo(State.IN_PROGRESS);
        clock.advance(Duration.ofMinutes(1));
        assertThat(status("acme")).isEqualTo(Provisioning.ready(new SecretKeyRef("home", "acme", "config")));
    }

    @Test
    void aRemovalTakesItsTime() {
        fake.removalTakes(Duration.ofMinutes(5));
        provision("acme");
        assertThat(deprovision("acme", true).state()).isEqualTo(State.IN_PROGRESS);
        clock.advance(Duration.ofMinutes(5));
        assertThat(deprovision("acme", true).state()).isEqualTo(State.IN_PROGRESS);
        clock.advance(Duration.ofMinutes(5));
        assertThat(deprovision("acme", true)).isEqualTo(Provisioning.absent());
        assertThat(fake.resources("acme")).isEmpty();
        assertThat(fake.data("acme")).hasSize(1);
    }

    @Test
    void itThrowsWhatItIsTold() {
        IllegalStateException told = new IllegalStateException("vendor");
        fake.failWith(told);
        assertThatThrownBy(() -> provision("acme")).isSameAs(told);
        fake.failWith(null);
        assertThat(fake.resources("acme")).isEmpty();
        assertThat(provision("acme").state()).isEqualTo(State.READY);
    }

    @Test
    void itHangsUntilItIsReleased() throws Exception {
        fake.hang();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            Future<Provisioning> call = threads.submit(() -> provision("acme"));
            GuardedProvisioner guarded = Provisioners.calledOn(threads)
                    .add(fake)
                    .callTimeout(Duration.ofMillis(50))
                    .build()
                    .forTier(IsolationTier.DEDICATED_CLUSTER);
            assertThatThrownBy(() -> guarded.status(new StatusRequest("acme", null)))
                    .isInstanceOfSatisfying(
                            OpenCraneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT));
            assertThat(call).isNotDone();
            fake.release();
            assertThat(call.get().state()).isEqualTo(State.READY);
        } finally {
            fake.release();
            threads.shutdownNow();
        }
    }

    @Test
    void aReadyClusterFailsAndIsMended() {
        provision("acme");
        fake.breakDown("acme", "The cluster's certificate ran out.");
        assertThat(status("acme")).isEqualTo(Provisioning.failed("The cluster's certificate ran out."));
        fake.mend("acme");
        assertThat(status("acme").state()).isEqualTo(State.READY);
    }

    @Test
    void aCustomerThatIsForgottenIsAbsent() {
        provision("acme");
        provision("other");
        fake.forget("acme");
        assertThat(status("acme")).isEqualTo(Provisioning.absent());
        assertThat(status("other").state()).isEqualTo(State.READY);
    }

    @Test
    void itsCallsAreRemembered() {
        fake.provision(new ProvisionRequest("acme", SPEC, "op-1"));
        deprovision("acme", true);
        assertThat(fake.calls())
                .containsExactly(
                        new FakeCall(FakeCall.Kind.PROVISION, "acme", "op-1", false),
                        new FakeCall(FakeCall.Kind.DEPROVISION, "acme", null, true));
    }

    /** The host's guard contains every kind, or makes it harmless. */
    @Test
    void nonsenseReachesTheCallerAndItsGuardStopsIt() {
        GuardedProvisioner guarded =
                Provisioners.calledOn(Runnable::run).add(fake).build().forTier(IsolationTier.DEDICATED_CLUSTER);
        Set<Nonsense> harmless = Set.of(
                Nonsense.OVERSIZED_MESSAGE,
                Nonsense.CREDENTIAL_IN_MESSAGE,
                Nonsense.NEGATIVE_DELAY,
                Nonsense.ENDLESS_DELAY);
        for (Nonsense kind : Nonsense.values()) {
            fake.answerWith(kind);
            if (harmless.contains(kind)) {
                Provisioning answer = guarded.provision(new ProvisionRequest("acme", SPEC, null));
                assertThat(answer.state()).as(kind.name()).isEqualTo(State.IN_PROGRESS);
                assertThat(answer.toString())
                        .doesNotContain(Nonsense.CREDENTIAL)
                        .hasSizeLessThan(2_000);
            } else {
                assertThatThrownBy(() -> guarded.provision(new ProvisionRequest("acme", SPEC, null)))
                        .as(kind.name())
                        .isInstanceOf(OpenCraneException.class);
            }
        }
        fake.answerWith(null);
        assertThat(guarded.provision(new ProvisionRequest("acme", SPEC, null)).state())
                .isEqualTo(State.READY);
    }

    private Provisioning provision(String customer) {
        return fake.provision(new ProvisionRequest(customer, SPEC, null));
    }

    private Provisioning status(String customer) {
        return fake.status(new StatusRequest(customer, null));
    }

    private Provisioning deprovision(String customer, boolean retainState) {
        return fake.deprovision(new DeprovisionRequest(customer, retainState, null));
    }
}
