package io.opencrane.testkit.provisioner;

import io.opencrane.api.clustertenant.SecretKeyRef;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.provisioner.Provisioning;
import io.opencrane.testkit.provisioner.FakeCloud.Thing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The steps of {@link FakeProvisioner}, as a real provisioner takes them: read first, decide, then change one after another. */
final class FakeClusters {
    private static final List<String> STEPS = List.of("network", "volume", "cluster");

    private final InstantSource clock;
    private final FakeCloud cloud;
    private volatile Duration takes = Duration.ZERO;
    private volatile Function<String, SecretKeyRef> kubeconfigs =
            customer -> new SecretKeyRef("opencrane-system", customer + "-kubeconfig", "kubeconfig");

    FakeClusters(InstantSource clock, FakeCloud cloud) {
        this.clock = clock;
        this.cloud = cloud;
    }

    void takes(Duration duration) {
        takes = duration;
    }

    void kubeconfigs(Function<String, SecretKeyRef> where) {
        kubeconfigs = where;
    }

    Provisioning provision(String customer) {
        List<Optional<Thing>> found = read(customer);
        Optional<Thing> foreign = foreign(found);
        if (foreign.isPresent()) {
            return Provisioning.failed(foreign.get().name() + " belongs to somebody else; rename or remove it.");
        }
        if (found.stream().flatMap(Optional::stream).anyMatch(Thing::isGoing)) {
            return Provisioning.inProgress(operation(customer)).withMessage("What was there before is being removed.");
        }
        for (int step = 0; step < STEPS.size(); step++) {
            if (found.get(step).isEmpty() && !create(customer + "/" + STEPS.get(step))) {
                return Provisioning.inProgress(operation(customer));
            }
        }
        return standing(customer, found.get(STEPS.size() - 1).map(Thing::madeAt).orElse(clock.instant()));
    }

    Provisioning status(String customer) {
        List<Optional<Thing>> found = read(customer);
        Optional<Thing> cluster = found.get(STEPS.size() - 1);
        if (cluster.isPresent() && cluster.get().isOurs() && !cluster.get().isGoing()) {
            return standing(customer, cluster.get().madeAt());
        }
        boolean anything =
                Stream.of(found.get(0), cluster).flatMap(Optional::stream).anyMatch(Thing::isOurs);
        return anything ? Provisioning.inProgress(operation(customer)) : Provisioning.absent();
    }

    Provisioning deprovision(String customer, boolean retainState) {
        List<Optional<Thing>> found = read(customer);
        for (int step = STEPS.size() - 1; step >= 0; step--) {
            Optional<Thing> thing = found.get(step).filter(Thing::isOurs);
            if (thing.isPresent() && !(retainState && STEPS.get(step).equals("volume"))) {
                if (!thing.get().isGoing()) {
                    delete(thing.get().name());
                }
                if (cloud.find(thing.get().name()).isPresent()) {
                    return Provisioning.inProgress(operation(customer));
                }
            }
        }
        return Provisioning.absent();
    }

    private List<Optional<Thing>> read(String customer) {
        return STEPS.stream().map(step -> cloud.find(customer + "/" + step)).toList();
    }

    private static Optional<Thing> foreign(List<Optional<Thing>> found) {
        return found.stream()
                .flatMap(Optional::stream)
                .filter(thing -> !thing.isOurs())
                .findFirst();
    }

    private Provisioning standing(String customer, Instant since) {
        Duration left = Duration.between(clock.instant(), since.plus(takes));
        return left.isNegative() || left.isZero()
                ? Provisioning.ready(kubeconfigs.apply(customer))
                : Provisioning.inProgress(operation(customer)).askAgainAfter(left);
    }

    private static String operation(String customer) {
        return "op-" + customer;
    }

    /** False if it was there already: whose it is, the next call reads. */
    private boolean create(String name) {
        return unlessConflict(() -> cloud.create(name));
    }

    private void delete(String name) {
        unlessConflict(() -> cloud.delete(name));
    }

    private static boolean unlessConflict(Runnable change) {
        try {
            change.run();
            return true;
        } catch (OpenCraneException e) {
            if (e.code() != ErrorCode.CONFLICT) {
                throw e;
            }
            return false;
        }
    }
}
