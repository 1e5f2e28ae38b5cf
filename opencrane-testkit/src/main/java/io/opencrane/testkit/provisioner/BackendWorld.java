package io.opencrane.testkit.provisioner;

import io.opencrane.api.provisioner.ClusterTenantProvisioner;
import io.opencrane.api.resource.SecretText;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** The world of a provisioner whose outside calls are requests to {@link FakeProvisionerBackend}. */
final class BackendWorld implements ProvisionerUnderTest {
    private final FakeProvisionerBackend backend;
    private final FakeCloud cloud;
    private final SecretText token;
    private final Supplier<? extends ClusterTenantProvisioner> process;
    private ClusterTenantProvisioner provisioner;

    BackendWorld(
            FakeProvisionerBackend backend,
            FakeCloud cloud,
            SecretText token,
            Supplier<? extends ClusterTenantProvisioner> process) {
        this.backend = backend;
        this.cloud = cloud;
        this.token = token;
        this.process = process;
        provisioner = process.get();
        backend.provisioner().takes(Duration.ofHours(1)).removalTakes(Duration.ofMinutes(5));
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
        clearFaults();
        provisioner = process.get();
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
    public int calls() {
        return backend.requests().size();
    }

    @Override
    public void failCall(int number, OutsideFault fault) {
        backend.failRequest(
                number,
                switch (fault) {
                    case OUTAGE -> BackendFault.OUTAGE;
                    case TIMEOUT -> BackendFault.CUT_AFTER;
                    case RATE_LIMITED -> BackendFault.RATE_LIMITED;
                    case CONFLICT -> BackendFault.CONFLICT;
                    case CRASH_BEFORE -> BackendFault.CUT_BEFORE;
                    case CRASH_AFTER -> BackendFault.CUT_AFTER;
                });
        if (fault.isCrash()) {
            backend.dieAfterRequest(number);
        }
    }

    @Override
    public void clearFaults() {
        cloud.calls().clearFaults();
        backend.failWhile(null);
    }

    @Override
    public void settle() {
        backend.clock().advance(Duration.ofMinutes(30));
    }

    @Override
    public boolean occupy(String customer, String resource) {
        cloud.add(resource, "somebody");
        return true;
    }

    @Override
    public Set<String> secrets() {
        return Set.of(token.reveal());
    }

    @Override
    public void close() {
        backend.close();
    }
}
