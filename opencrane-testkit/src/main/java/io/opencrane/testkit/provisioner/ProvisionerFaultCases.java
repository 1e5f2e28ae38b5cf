package io.opencrane.testkit.provisioner;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.provisioner.Provisioning;
import io.opencrane.api.provisioner.Provisioning.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a provisioner must survive: calls that fail, answers that are lost, a process that dies, and what belongs to others. */
abstract class ProvisionerFaultCases extends ProvisionerCases {
    private static final int LIMIT = 500;

    /** A journey of a new customer, which begins where it stands now and ends at a goal. */
    private interface Journey {
        void go(String customer);
    }

    @Test
    void provisioningCutAnywhereEndsAsIfItHadNotBeenCut() {
        for (OutsideFault cut : List.of(OutsideFault.CRASH_BEFORE, OutsideFault.CRASH_AFTER)) {
            provisionsWith(cut);
        }
    }

    @Test
    void deprovisioningCutAnywhereEndsAsIfItHadNotBeenCut() {
        for (OutsideFault cut : List.of(OutsideFault.CRASH_BEFORE, OutsideFault.CRASH_AFTER)) {
            deprovisionsWith(cut);
        }
    }

    @Test
    void provisioningSurvivesOutagesTimeOutsAndThrottling() {
        provisionsWith(OutsideFault.OUTAGE);
        provisionsWith(OutsideFault.TIMEOUT);
        provisionsWith(OutsideFault.RATE_LIMITED);
    }

    @Test
    void deprovisioningSurvivesOutagesTimeOutsAndThrottling() {
        deprovisionsWith(OutsideFault.OUTAGE);
        deprovisionsWith(OutsideFault.TIMEOUT);
        deprovisionsWith(OutsideFault.RATE_LIMITED);
    }

    @Test
    void aConflictWithWhatIsItsOwnIsSuccess() {
        provisionsWith(OutsideFault.CONFLICT);
        deprovisionsWith(OutsideFault.CONFLICT);
    }

    @Test
    void whatIsNotItsOwnIsRefusedAndUntouched() {
        String ours = customer();
        bringUp(ours);
        for (String resource : world().resources(ours)) {
            String customer = customer();
            String taken = resource.replace(ours, customer);
            if (world().occupy(customer, taken)) {
                int before = changeCount();
                assertNever(State.READY, () -> comeBack(operation -> provision(customer, operation)), taken);
                assertNever(State.READY, () -> comeBack(operation -> status(customer, operation)), taken);
                comeBack(operation -> deprovision(customer, true, operation));
                comeBack(operation -> deprovision(customer, false, operation));
                assertThat(changesSince(before))
                        .as("changes of what somebody else made as %s", taken)
                        .extracting(OutsideChange::resource)
                        .doesNotContain(taken);
                assertThat(world().resources(customer)).contains(taken);
            }
        }
    }

    @Test
    void whatCannotBeReadIsNeverAbsent() {
        String customer = customer();
        bringUp(customer);
        world().failReads();
        int before = world().calls();
        List<State> states = new ArrayList<>();
        Throwable failure = thrownBy(() -> states.add(status(customer, null).state()));
        if (world().calls() > before) {
            assertThat(states).as("what it says without having read").isEmpty();
        }
        assertThat(states).doesNotContain(State.ABSENT);
        if (failure != null) {
            assertMayPass(failure);
        }
        world().clearFaults();
        assertThat(status(customer, null).state()).isEqualTo(State.READY);
    }

    @Test
    void aStatusThatMeetsAFailureTellsNothingWrong() {
        String customer = customer();
        bringUp(customer);
        for (OutsideFault fault : List.of(OutsideFault.OUTAGE, OutsideFault.TIMEOUT, OutsideFault.RATE_LIMITED)) {
            atEveryCall(fault, () -> customer, same -> {
                try {
                    assertThat(status(same, null).state()).isIn(State.READY, State.IN_PROGRESS);
                } catch (RuntimeException e) {
                    assertMayPass(e);
                }
            });
        }
    }

    @Test
    void provisioningChangesNothingWhenItCannotRead() {
        String ready = customer();
        bringUp(ready);
        for (String customer : List.of(ready, customer())) {
            changesNothingUnread(() -> provision(customer, null), State.FAILED, State.ABSENT);
            bringUp(customer);
        }
    }

    @Test
    void deprovisioningChangesNothingWhenItCannotRead() {
        String customer = customer();
        bringUp(customer);
        for (boolean retainState : List.of(true, false)) {
            changesNothingUnread(() -> deprovision(customer, retainState, null), State.FAILED, State.ABSENT);
        }
        assertThat(status(customer, null).state()).isEqualTo(State.READY);
    }

    private void changesNothingUnread(Call call, State... wrong) {
        world().failReads();
        int before = changeCount();
        int calls = world().calls();
        List<State> states = new ArrayList<>();
        Throwable failure = thrownBy(() -> states.add(call.make().state()));
        assertThat(changesSince(before)).as("changes without having read").isEmpty();
        if (failure != null) {
            assertMayPass(failure);
        } else if (world().calls() > calls) {
            assertThat(states).as("what it says without having read").doesNotContain(wrong);
        }
        world().clearFaults();
    }

    private void provisionsWith(OutsideFault fault) {
        String uncut = customer();
        bringUp(uncut);
        Set<String> data = world().stateOf(uncut);
        atEveryCall(fault, this::customer, customer -> {
            runInto(fault, () -> bringUp(customer));
            bringUp(customer);
            assertThat(shape(customer)).isEqualTo(shape(uncut));
            assertThat(world().stateOf(customer)).as("data").hasSameSizeAs(data);
        });
    }

    private void deprovisionsWith(OutsideFault fault) {
        boolean retains = world().provisioner().capabilities().retainsState();
        for (boolean retainState : retains ? List.of(true, false) : List.of(false)) {
            atEveryCall(fault, this::ready, customer -> {
                Set<String> data = world().stateOf(customer);
                runInto(fault, () -> takeDown(customer, retainState));
                takeDown(customer, retainState);
                assertThat(world().resources(customer)).isEmpty();
                assertThat(world().stateOf(customer)).isEqualTo(retainState ? data : Set.of());
            });
        }
    }

    private String ready() {
        String customer = customer();
        bringUp(customer);
        return customer;
    }

    /** A process that dies may say so in any way; one that lives on has to cope. */
    private void runInto(OutsideFault fault, Runnable journey) {
        if (!fault.isCrash()) {
            journey.run();
            return;
        }
        thrownBy(journey);
        world().restart();
    }

    /** Repeats a journey with its first, second, third call failing, until none is left to fail. */
    private void atEveryCall(OutsideFault fault, Supplier<String> customers, Journey journey) {
        for (int number = 1; number <= LIMIT; number++) {
            String customer = customers.get();
            int before = world().calls();
            world().failCall(number, fault);
            try {
                journey.go(customer);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("With " + fault + " at outside call " + number + ": " + e.getMessage(), e);
            }
            world().clearFaults();
            if (world().calls() - before < number) {
                return;
            }
        }
        throw new AssertionError("It takes more than " + LIMIT + " outside calls.");
    }

    /** Asks as long as it works on it; a refusal may be thrown or answered. Null if it was thrown. */
    private @Nullable Provisioning comeBack(Question question) {
        String operation = null;
        Provisioning answer = null;
        for (int round = 0; round < 10; round++) {
            try {
                answer = question.ask(operation);
            } catch (RuntimeException e) {
                return null;
            }
            if (answer.state() != State.IN_PROGRESS) {
                return answer;
            }
            operation = answer.operationId();
            world().settle();
        }
        return answer;
    }

    private static void assertNever(State wrong, Refusal refusal, String taken) {
        Provisioning answer = refusal.answer();
        assertThat(answer == null ? null : answer.state())
                .as("what it says where %s is somebody else's", taken)
                .isNotEqualTo(wrong);
    }

    private interface Call {
        Provisioning make();
    }

    private interface Refusal {
        @Nullable
        Provisioning answer();
    }
}
