package io.opencrane.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.core.InstanceScope;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.testkit.TestClock;
import io.opencrane.testkit.cluster.InMemoryCluster;
import io.opencrane.testkit.fault.Faults.Moment;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FaultsTest {
    private static final ObjectRef SECRET = ObjectType.SECRET.named("opencrane", "s");

    private final Faults faults = new Faults();
    private final ObjectStore real = InMemoryCluster.create(
                    InstanceScope.namespace("opencrane"), TestClock.at("2026-01-01T00:00:00Z"))
            .objects();
    private final ObjectStore objects = faults.wrap(ObjectStore.class, real);

    @Test
    void withoutRulesEverythingPassesAndIsCounted() {
        objects.create(Objects.secret("s"));
        assertThat(objects.get(SECRET)).isEqualTo(real.get(SECRET)).isPresent();
        assertThat(faults.calls()).extracting(Call::method).containsExactly("create", "get");
        assertThat(objects).isNotEqualTo(real).hasToString("ObjectStore with faults");
        assertThat(faults.calls()).hasSize(2);
    }

    @Test
    void aCallThatFailsBeforeHasNoEffect() {
        faults.failCall(1, Moment.BEFORE, Failure.TIMEOUT);
        assertThatThrownBy(() -> objects.create(Objects.secret("s")))
                .isInstanceOfSatisfying(OpenCraneException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT);
                    assertThat(e.isRetryable()).isTrue();
                });
        assertThat(real.get(SECRET)).isEmpty();
        objects.create(Objects.secret("s"));
        assertThat(real.get(SECRET)).isPresent();
    }

    @Test
    void aCallThatFailsAfterHasItsEffect() {
        faults.failCall(1, Moment.AFTER, Failure.UPSTREAM_ERROR);
        assertThatThrownBy(() -> objects.create(Objects.secret("s"))).isInstanceOf(OpenCraneException.class);
        assertThat(real.get(SECRET)).isPresent();
    }

    @Test
    void matchingCallsFailUntilCleared() {
        real.create(Objects.secret("s"));
        faults.failWhile(
                call -> call.is(ObjectStore.class, "get")
                        && call.argument(ObjectRef.class).filter(SECRET::equals).isPresent(),
                Failure.FORBIDDEN);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> objects.get(SECRET)).hasMessageStartingWith("FORBIDDEN");
        }
        assertThat(objects.get(ObjectType.SECRET.named("opencrane", "other"))).isEmpty();
        faults.clear();
        assertThat(objects.get(SECRET)).isPresent();
    }

    @Test
    void nothingHappensAfterACrashUntilTheRestart() {
        faults.crashAtCall(1, Moment.BEFORE);
        assertThatThrownBy(() -> objects.get(SECRET)).isInstanceOf(SimulatedCrash.class);
        assertThatThrownBy(() -> objects.create(Objects.secret("s"))).isInstanceOf(SimulatedCrash.class);
        assertThat(faults.clear().hasCrashed()).isTrue();
        assertThat(real.get(SECRET)).isEmpty();
        faults.restart();
        objects.create(Objects.secret("s"));
        assertThat(real.get(SECRET)).isPresent();
    }

    @Test
    void outsideExceptionsPassThroughUnchanged() {
        objects.create(Objects.secret("s"));
        assertThatThrownBy(() -> objects.create(Objects.secret("s")))
                .isInstanceOf(OpenCraneException.class)
                .hasMessageStartingWith("ALREADY_EXISTS");
    }

    @Test
    void theTextOfACallHoldsNoArguments() {
        objects.create(Objects.secret("s"));
        assertThat(faults.calls().get(0)).hasToString("call 1, ObjectStore.create");
    }

    @Test
    void partsOfAPortAreWrappedAndGettingThemIsNoCall() {
        Whole whole = faults.wrap(Whole.class, () -> () -> Map.of("a", 1));
        assertThat(whole.part().read()).containsEntry("a", 1);
        assertThat(faults.calls()).extracting(Call::method).containsExactly("read");
    }

    /** A port that hands out another. */
    @FunctionalInterface
    public interface Whole {
        Part part();
    }

    /** The other. */
    @FunctionalInterface
    public interface Part {
        Map<String, Integer> read();
    }
}
