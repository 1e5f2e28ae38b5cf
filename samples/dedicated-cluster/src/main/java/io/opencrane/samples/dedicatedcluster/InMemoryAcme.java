package io.opencrane.samples.dedicatedcluster;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Acme for the demo and the tests: clusters come and go in their time, all else at once. Thread-safe. */
final class InMemoryAcme implements AcmeCloud {
    private final InstantSource clock;
    private final Duration takes;
    private final Map<String, Thing> things = new LinkedHashMap<>();
    private int operations;

    private record Thing(boolean isOurs, int number, Instant readyAt, Instant goneAt) {}

    InMemoryAcme(InstantSource clock, Duration takes) {
        this.clock = clock;
        this.takes = takes;
    }

    /** Clusters take ten seconds. */
    static InMemoryAcme demo() {
        return new InMemoryAcme(InstantSource.system(), Duration.ofSeconds(10));
    }

    @Override
    public synchronized Optional<Part> find(String name) {
        return Optional.ofNullable(now().get(name)).map(this::part);
    }

    @Override
    public Part create(String name) {
        return part(add(name, true));
    }

    @Override
    public synchronized void delete(String name) {
        Instant goneAt = clock.instant().plus(timeOf(name));
        now().computeIfPresent(name, (same, thing) -> new Thing(thing.isOurs(), ++operations, thing.readyAt(), goneAt));
    }

    @Override
    public String kubeconfig(String name) {
        return "kind: Config # of " + name + ", with its credentials";
    }

    synchronized Thing add(String name, boolean isOurs) {
        if (now().containsKey(name)) {
            throw AcmeErrors.of(409);
        }
        Thing made = new Thing(isOurs, ++operations, clock.instant().plus(timeOf(name)), Instant.MAX);
        things.put(name, made);
        return made;
    }

    private Duration timeOf(String name) {
        return name.startsWith("cluster-") ? takes : Duration.ZERO;
    }

    private Map<String, Thing> now() {
        Instant now = clock.instant();
        things.values().removeIf(thing -> !thing.goneAt().isAfter(now));
        return things;
    }

    private Part part(Thing thing) {
        State state = thing.readyAt().isAfter(clock.instant()) ? State.CREATING : State.READY;
        return new Part(
                thing.isOurs(), thing.goneAt().equals(Instant.MAX) ? state : State.DELETING, "op-" + thing.number());
    }
}
