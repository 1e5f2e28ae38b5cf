package io.opencrane.testkit.provisioner;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.OpenCraneException.Retry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** A provider's things, named {@code <customer>/<what>}. A volume is data, all else is a resource. Thread-safe. */
final class FakeCloud {
    static final String OURS = "opencrane";

    private final InstantSource clock;
    private final Map<String, Thing> things = new LinkedHashMap<>();
    private final OutsideCalls calls = new OutsideCalls(FakeCloud::failure);
    private Duration removal = Duration.ZERO;

    /** Something that exists; gone from a moment on, if it is being removed. */
    record Thing(String name, String owner, String uid, Instant madeAt, Instant goneAt) {
        boolean isOurs() {
            return owner.equals(OURS);
        }

        boolean isGoing() {
            return goneAt.isBefore(Instant.MAX);
        }
    }

    FakeCloud(InstantSource clock) {
        this.clock = clock;
    }

    OutsideCalls calls() {
        return calls;
    }

    synchronized void removalTakes(Duration duration) {
        removal = duration;
    }

    Optional<Thing> find(String name) {
        return calls.read(() -> Optional.ofNullable(now().get(name)));
    }

    void create(String name) {
        calls.change(OutsideChange.created(name), () -> add(name, OURS));
    }

    void delete(String name) {
        calls.change(OutsideChange.deleted(name), () -> remove(name));
    }

    /** Not by the provisioner. */
    synchronized void add(String name, String owner) {
        if (now().containsKey(name)) {
            throw failure(OutsideFault.CONFLICT);
        }
        things.put(name, new Thing(name, owner, UUID.randomUUID().toString(), clock.instant(), Instant.MAX));
    }

    /** Not by the provisioner. */
    synchronized void forget(String customer) {
        things.keySet().removeIf(name -> name.startsWith(customer + "/"));
    }

    synchronized List<String> resources(String customer) {
        return now().keySet().stream()
                .filter(name -> name.startsWith(customer + "/") && !isData(name))
                .toList();
    }

    synchronized Set<String> data(String customer) {
        return now().values().stream()
                .filter(thing -> thing.name().startsWith(customer + "/") && isData(thing.name()))
                .map(Thing::uid)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static boolean isData(String name) {
        return name.endsWith("/volume");
    }

    private synchronized void remove(String name) {
        Instant goneAt = clock.instant().plus(removal);
        now().computeIfPresent(
                        name, (same, thing) -> new Thing(same, thing.owner(), thing.uid(), thing.madeAt(), goneAt));
    }

    private synchronized Map<String, Thing> now() {
        Instant now = clock.instant();
        things.values().removeIf(thing -> !thing.goneAt().isAfter(now));
        return things;
    }

    private static OpenCraneException failure(OutsideFault fault) {
        return switch (fault) {
            case CONFLICT ->
                new OpenCraneException(ErrorCode.CONFLICT, "the fake cloud", "It is there already (simulated).");
            case TIMEOUT -> passing(ErrorCode.TIMEOUT, "No answer in time (simulated).");
            case RATE_LIMITED -> passing(ErrorCode.UPSTREAM_ERROR, "Too many requests (simulated).");
            default -> passing(ErrorCode.UPSTREAM_ERROR, "It failed (simulated).");
        };
    }

    private static OpenCraneException passing(ErrorCode code, String sentence) {
        return new OpenCraneException(code, "the fake cloud", sentence, Retry.MAY_HELP, null);
    }
}
