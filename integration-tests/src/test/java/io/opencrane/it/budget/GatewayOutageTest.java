package io.opencrane.it.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.Condition;
import io.opencrane.api.resource.SecretText;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.core.budget.KeyOwner;
import io.opencrane.core.budget.ModelKeyLifecycle;
import io.opencrane.core.budget.ModelKeyLifecycle.Check;
import io.opencrane.core.port.KeyJournal;
import io.opencrane.core.port.ModelGateway;
import io.opencrane.litellm.LiteLlmGateway;
import io.opencrane.testkit.TestClock;
import io.opencrane.testkit.litellm.FakeLiteLlm;
import io.opencrane.testkit.litellm.FakeLiteLlm.KeySnapshot;
import io.opencrane.testkit.litellm.FakeLiteLlm.TeamSnapshot;
import io.opencrane.testkit.litellm.LiteLlmFault;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A fleet of new tenants while the model gateway is down: it costs the reconciler next to nothing, the tenants run without models, and
 * afterwards each has one key. Run it with {@code -Dopencrane.outage.tenants=10000} for the figure of a large fleet,
 * and with patience: the fake proxy takes its time over ten thousand keys afterwards.
 */
class GatewayOutageTest {
    private static final SecretText MASTER_KEY = SecretText.of("sk-master");
    private static final int TENANTS = Integer.getInteger("opencrane.outage.tenants", 200);

    /** Those that find out that the gateway is down pay for it. */
    private static final int FIRST_FAILURES = 10;

    /** The goal is one millisecond; the rest is for machines with other things to do. */
    private static final double MOST_MILLIS = 5;

    private static final Duration PAST_THE_WAIT = Duration.ofSeconds(31);

    private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
    private final Stopwatch inGateway = new Stopwatch();
    private final FakeLiteLlm liteLlm = FakeLiteLlm.start(MASTER_KEY, clock);

    /** How a gateway is down. */
    enum Outage {
        CONNECTION_REFUSED(FakeLiteLlm::stop, FakeLiteLlm::start, "UPSTREAM_ERROR"),
        NEVER_ANSWERS(
                proxy -> proxy.failNext("*", Integer.MAX_VALUE, LiteLlmFault.withholdAnswer()),
                FakeLiteLlm::clearFaults,
                "TIMEOUT");

        private final Consumer<FakeLiteLlm> begin;
        private final Consumer<FakeLiteLlm> end;
        private final String reason;

        Outage(Consumer<FakeLiteLlm> begin, Consumer<FakeLiteLlm> end, String reason) {
            this.begin = begin;
            this.end = end;
            this.reason = reason;
        }
    }

    @AfterEach
    void stop() {
        liteLlm.close();
    }

    @ParameterizedTest
    @EnumSource
    void tenantsRunWithoutAKeyForNextToNothingAndAfterwardsEachHasOne(Outage outage) {
        Fleet fleet = new Fleet(TENANTS, gateway(), clock);
        outage.begin.accept(liteLlm);

        assertCostsNextToNothing(outage, "reconciles", TENANTS, fleet::reconcile);
        List<Tenant> running = assertRunWithoutAKey(fleet, outage);
        assertNothingIsWritten(fleet, running);
        assertThat(liteLlm.requestCount()).as("requests that reached the proxy").isLessThanOrEqualTo(FIRST_FAILURES);

        outage.end.accept(liteLlm);
        clock.advance(PAST_THE_WAIT);
        assertEachGetsOneKey(fleet);
    }

    @ParameterizedTest
    @EnumSource
    void theKeyStepOfTenThousandTenantsIsCheap(Outage outage) {
        ModelKeyLifecycle lifecycle = new ModelKeyLifecycle(gateway(), clock);
        outage.begin.accept(liteLlm);

        assertCostsNextToNothing(outage, "key steps", 10_000, tenant -> {
            KeyOwner owner = new KeyOwner("oc-" + tenant, "Tenant", BigDecimal.TEN, Map.of());
            assertThatThrownBy(() -> lifecycle.ensure(owner, new NoRecord(), 0, Check.RECORD))
                    .isInstanceOf(OpenCraneException.class)
                    .hasMessageStartingWith(outage.reason);
        });
    }

    private ModelGateway gateway() {
        LiteLlmGateway real = LiteLlmGateway.builder(liteLlm.endpoint(), MASTER_KEY)
                .requestTimeout(Duration.ofMillis(200))
                .clock(clock)
                .build();
        return inGateway.around(ModelGateway.class, real);
    }

    /** What the gateway takes of each is all there is: no key is recorded, and the status is written in any case. */
    private void assertCostsNextToNothing(Outage outage, String what, int count, IntConsumer step) {
        IntStream.range(0, FIRST_FAILURES).forEach(step);
        double firstMillis = inGateway.millis();
        inGateway.reset();
        IntStream.range(FIRST_FAILURES, count).forEach(step);
        int others = count - FIRST_FAILURES;
        double each = inGateway.millis() / others;
        System.out.printf(
                "gateway down (%s), %d %s of new tenants: %.4f ms each in the gateway, after %.0f ms for the first %d%n",
                outage, count, what, each, firstMillis, FIRST_FAILURES);
        assertThat(inGateway.calls()).as("one call each").isEqualTo(others);
        assertThat(each).as("milliseconds").isLessThan(MOST_MILLIS);
    }

    private List<Tenant> assertRunWithoutAKey(Fleet fleet, Outage outage) {
        fleet.runPods();
        List<Tenant> running = fleet.reconcileAll();
        assertThat(running).hasSize(TENANTS);
        for (Tenant tenant : running) {
            assertThat(tenant.status().phase()).isEqualTo(TenantPhase.RUNNING);
            Condition ready = Fleet.modelKeyReady(tenant);
            assertThat(ready.status()).isEqualTo(Condition.Status.FALSE);
            assertThat(ready.message()).startsWith(outage.reason);
            assertThat(ready.reason()).isEqualTo(outage.reason);
        }
        assertThat(fleet.keys()).isEmpty();
        fleet.writes();
        return running;
    }

    /** While it is left alone, and when it was asked once more in vain. */
    private void assertNothingIsWritten(Fleet fleet, List<Tenant> before) {
        clock.advance(Duration.ofSeconds(10));
        assertThat(fleet.reconcileAll()).isEqualTo(before);
        clock.advance(PAST_THE_WAIT);
        assertThat(fleet.reconcileAll()).isEqualTo(before);
        assertThat(fleet.writes()).as("writes during the outage").isZero();
    }

    private static boolean allHaveAKey(List<Tenant> tenants) {
        return tenants.stream().allMatch(tenant -> Fleet.modelKeyReady(tenant).isTrue());
    }

    private void assertEachGetsOneKey(Fleet fleet) {
        // On a slow machine the proxy may be late once more; the tenant is then reconciled again, as always.
        for (int round = 0; round < 5 && !allHaveAKey(fleet.reconcileAll()); round++) {
            clock.advance(PAST_THE_WAIT);
        }
        assertThat(allHaveAKey(fleet.reconcileAll())).isTrue();
        assertThat(fleet.keys()).hasSize(TENANTS).doesNotHaveDuplicates().allMatch(liteLlm::isLive);
        assertThat(liteLlm.keys())
                .extracting(KeySnapshot::teamId)
                .hasSize(TENANTS)
                .doesNotHaveDuplicates();
        assertThat(liteLlm.teams()).extracting(TeamSnapshot::teamId).hasSize(TENANTS);

        fleet.runPods(); // the pods are made anew, with the key
        fleet.reconcileAll();
        fleet.writes();
        int asked = liteLlm.requestCount();
        assertThat(fleet.reconcileAll())
                .extracting(tenant -> tenant.status().phase())
                .containsOnly(TenantPhase.RUNNING);
        assertThat(fleet.writes()).as("writes of a fleet that is idle again").isZero();
        assertThat(liteLlm.requestCount()).isEqualTo(asked);
    }

    /** The journal of a new tenant. Nothing may be recorded before the gateway was asked which revisions there were. */
    private static final class NoRecord implements KeyJournal {
        @Override
        public Optional<Entry> read() {
            return Optional.empty();
        }

        @Override
        public Entry create(Entry entry) {
            throw new AssertionError("recorded " + entry);
        }

        @Override
        public Entry replace(Entry entry) {
            throw new AssertionError("recorded " + entry);
        }

        @Override
        public void delete(Entry entry) {
            throw new AssertionError("deleted " + entry);
        }
    }
}
