package io.opencrane.testkit.provisioner;

import io.opencrane.api.provisioner.ClusterTenantProvisioner;
import io.opencrane.testkit.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/** The fake cloud under a provisioner that is made anew with every process. */
final class FakeWorld implements ProvisionerUnderTest {
    private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
    private final FakeCloud cloud = new FakeCloud(clock);
    private final BiFunction<TestClock, FakeCloud, ClusterTenantProvisioner> maker;
    private ClusterTenantProvisioner provisioner;

    FakeWorld(BiFunction<TestClock, FakeCloud, ClusterTenantProvisioner> maker) {
        this.maker = maker;
        provisioner = maker.apply(clock, cloud);
    }

    @Override
    public ClusterTenantProvisioner provisioner() {
        return provisioner;
    }

    @Override
    public OutsideCalls outside() {
        return cloud.calls();
    }

    @Override
    public void restart() {
        cloud.calls().restart();
        provisioner = maker.apply(clock, cloud);
    }

    @Override
    public List<String> resources(String customer) {
        return cloud.resources(customer);
    }

    @Override
    public Set<String> stateOf(String customer) {
        return cloud.data(customer);
    }

    @Override
    public void settle() {
        clock.advance(Duration.ofMinutes(30));
    }

    @Override
    public boolean occupy(String customer, String resource) {
        cloud.add(resource, "somebody");
        return true;
    }

    @Override
    public Set<String> secrets() {
        return Set.of(StepProvisioner.SECRET);
    }
}
