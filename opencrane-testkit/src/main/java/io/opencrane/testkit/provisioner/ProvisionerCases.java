package io.opencrane.testkit.provisioner;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.provisioner.DeprovisionRequest;
import io.opencrane.api.provisioner.ProvisionRequest;
import io.opencrane.api.provisioner.Provisioning;
import io.opencrane.api.provisioner.Provisioning.State;
import io.opencrane.api.provisioner.StatusRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** What the cases of {@link ClusterTenantProvisionerTck} share: the provisioner under test, names of their own, and the way of a caller. */
abstract class ProvisionerCases {
    /** How often a caller comes back before it counts as never. */
    private static final int ROUNDS = 50;

    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final List<String> told = new ArrayList<>();
    private final List<Provisioning> answers = new ArrayList<>();
    private int customers;
    private @Nullable ProvisionerUnderTest world;

    /**
     * A world with a provisioner, asked for once a case. Cases use names of their own, so a world that others use too will do.
     *
     * @return the world, without faults
     */
    protected abstract ProvisionerUnderTest start();

    @AfterEach
    final void end() {
        if (world != null) {
            world.close();
        }
    }

    /** One call of the SPI, with the operation of the answer before. */
    interface Question {
        Provisioning ask(@Nullable String operationId);
    }

    final ProvisionerUnderTest world() {
        if (world == null) {
            world = Objects.requireNonNull(start(), "start()");
        }
        return world;
    }

    final String customer() {
        return "tck-" + run + "-" + ++customers;
    }

    final Provisioning provision(String customer, @Nullable String operationId) {
        return heard(
                () -> world().provisioner().provision(new ProvisionRequest(customer, world().spec(), operationId)));
    }

    final Provisioning status(String customer, @Nullable String operationId) {
        return heard(() -> world().provisioner().status(new StatusRequest(customer, operationId)));
    }

    final Provisioning deprovision(String customer, boolean retainState, @Nullable String operationId) {
        return heard(
                () -> world().provisioner().deprovision(new DeprovisionRequest(customer, retainState, operationId)));
    }

    final Provisioning bringUp(String customer) {
        return until(State.READY, operation -> provision(customer, operation));
    }

    final Provisioning takeDown(String customer, boolean retainState) {
        return until(State.ABSENT, operation -> deprovision(customer, retainState, operation));
    }

    /** As a caller does that comes back as long as it works on it, and after what may pass. */
    final Provisioning until(State goal, Question question) {
        String operation = null;
        for (int round = 0; round < ROUNDS; round++) {
            try {
                Provisioning answer = question.ask(operation);
                if (answer.state() != State.IN_PROGRESS) {
                    assertThat(answer.state()).as("the answer in the end").isEqualTo(goal);
                    return answer;
                }
                operation = answer.operationId();
            } catch (RuntimeException e) {
                assertMayPass(e);
            }
            world().settle();
        }
        throw new AssertionError("It is not " + goal + " after " + ROUNDS + " calls.");
    }

    static void assertMayPass(Throwable failure) {
        assertThat(failure).as("a failure that may pass").isInstanceOf(OpenCraneException.class);
        assertThat(((OpenCraneException) failure).isRetryable())
                .as("whether it says that it may pass: %s", failure)
                .isTrue();
    }

    /** What a call threw, or null. */
    static @Nullable Throwable thrownBy(Runnable call) {
        try {
            call.run();
            return null;
        } catch (RuntimeException | Error e) {
            return e;
        }
    }

    /** Names without the customer's in them, so that those of two can be compared. */
    final List<String> shape(String customer) {
        return world().resources(customer).stream()
                .map(name -> name.replace(customer, "<customer>"))
                .sorted()
                .toList();
    }

    final List<OutsideChange> changesSince(int before) {
        List<OutsideChange> all = world().changes();
        return all.subList(before, all.size());
    }

    final int changeCount() {
        return world().changes().size();
    }

    final List<Provisioning> answers() {
        return List.copyOf(answers);
    }

    /** Everything that was answered and thrown, as a log would show it. */
    final List<String> told() {
        return List.copyOf(told);
    }

    private Provisioning heard(Supplier<Provisioning> call) {
        try {
            Provisioning answer = call.get();
            assertThat(answer).as("the answer").isNotNull();
            told.add(answer.toString());
            answers.add(answer);
            return answer;
        } catch (RuntimeException e) {
            for (Throwable link = e; link != null; link = link.getCause()) {
                told.add(link.toString());
            }
            throw e;
        }
    }
}
