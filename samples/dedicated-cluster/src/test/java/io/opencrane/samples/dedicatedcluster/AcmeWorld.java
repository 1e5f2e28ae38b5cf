package io.opencrane.samples.dedicatedcluster;

import io.opencrane.api.clustertenant.SecretKeyRef;
import io.opencrane.api.provisioner.ClusterTenantProvisioner;
import io.opencrane.testkit.TestClock;
import io.opencrane.testkit.provisioner.OutsideCalls;
import io.opencrane.testkit.provisioner.OutsideChange;
import io.opencrane.testkit.provisioner.ProvisionerUnderTest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Acme in memory, with calls that can fail. */
final class AcmeWorld implements ProvisionerUnderTest {
    private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
    private final InMemoryAcme acme = new InMemoryAcme(clock, Duration.ofHours(1));
    private final InMemorySecrets secrets = new InMemorySecrets();
    private final OutsideCalls calls = new OutsideCalls(fault -> AcmeErrors.of(
            switch (fault) {
                case TIMEOUT -> 0;
                case RATE_LIMITED -> 429;
                case CONFLICT -> 409;
                default -> 503;
            }));
    private Supplier<? extends ClusterTenantProvisioner> process = this::acmeClusters;
    private ClusterTenantProvisioner provisioner = acmeClusters();

    AcmeClusters acmeClusters() {
        return new AcmeClusters(new Cloud(), new Secrets());
    }

    /** Tests another provisioner that leads to Acme's. */
    AcmeWorld through(Supplier<? extends ClusterTenantProvisioner> other) {
        process = other;
        provisioner = other.get();
        return this;
    }

    @Override
    public ClusterTenantProvisioner provisioner() {
        return provisioner;
    }

    @Override
    public OutsideCalls outside() {
        return calls;
    }

    @Override
    public void restart() {
        calls.restart();
        provisioner = process.get();
    }

    @Override
    public List<String> resources(String customer) {
        Stream<String> parts = Stream.of("net-" + customer, "cluster-" + customer)
                .filter(name -> acme.find(name).isPresent());
        Stream<String> secret = Stream.of("acme-" + customer).filter(name -> secrets.holds(ref(name)));
        return Stream.concat(parts, secret).toList();
    }

    @Override
    public Set<String> stateOf(String customer) {
        return acme.find("disk-" + customer).stream()
                .map(disk -> "disk made by " + disk.operation())
                .collect(Collectors.toSet());
    }

    @Override
    public boolean occupy(String customer, String resource) {
        if (resource.startsWith("acme-")) {
            secrets.create(ref(resource), "");
        } else {
            acme.add(resource, false);
        }
        return true;
    }

    @Override
    public void settle() {
        clock.advance(Duration.ofMinutes(30));
    }

    @Override
    public Set<String> secrets() {
        return Set.of("with its credentials");
    }

    private static SecretKeyRef ref(String name) {
        return new SecretKeyRef("opencrane-system", name, "kubeconfig");
    }

    private final class Cloud implements AcmeCloud {
        @Override
        public Optional<Part> find(String name) {
            return calls.read(() -> acme.find(name));
        }

        @Override
        public Part create(String name) {
            calls.change(OutsideChange.created(name), () -> acme.create(name));
            return acme.find(name).orElseThrow();
        }

        @Override
        public void delete(String name) {
            calls.change(OutsideChange.deleted(name), () -> acme.delete(name));
        }

        @Override
        public String kubeconfig(String name) {
            return calls.read(() -> acme.kubeconfig(name));
        }
    }

    private final class Secrets implements KubeconfigSecrets {
        @Override
        public boolean exists(SecretKeyRef ref) {
            return calls.read(() -> secrets.exists(ref));
        }

        @Override
        public void create(SecretKeyRef ref, String kubeconfig) {
            calls.change(OutsideChange.created(ref.name()), () -> secrets.create(ref, kubeconfig));
        }

        @Override
        public void delete(SecretKeyRef ref) {
            calls.change(OutsideChange.deleted(ref.name()), () -> secrets.delete(ref));
        }
    }
}
