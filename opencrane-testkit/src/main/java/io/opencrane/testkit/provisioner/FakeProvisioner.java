package io.opencrane.testkit.provisioner;

import io.opencrane.api.clustertenant.SecretKeyRef;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.OpenCraneException.Retry;
import io.opencrane.api.provisioner.ClusterTenantProvisioner;
import io.opencrane.api.provisioner.DeprovisionRequest;
import io.opencrane.api.provisioner.ProvisionRequest;
import io.opencrane.api.provisioner.ProvisionerCapabilities;
import io.opencrane.api.provisioner.Provisioning;
import io.opencrane.api.provisioner.StatusRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes clusters in memory, for tests of hosts: a network, a volume with the customer's data and a cluster, the last of which takes its
 * time by the given clock. It behaves by the contract until it is told to misbehave. It makes no Secret: whoever needs a kubeconfig puts it
 * where {@link #kubeconfigs} says. Thread-safe.
 *
 * <pre>{@code
 * FakeProvisioner fake = new FakeProvisioner(clock).takes(Duration.ofMinutes(20));
 * Provisioners provisioners = Provisioners.calledOn(executor).add(fake).build();
 * }</pre>
 */
public final class FakeProvisioner implements ClusterTenantProvisioner {
    private final FakeCloud cloud;
    private final FakeClusters clusters;
    private final List<FakeCall> calls = new CopyOnWriteArrayList<>();
    private final Map<String, String> broken = new ConcurrentHashMap<>();
    private volatile String id = "fake";
    private volatile ProvisionerCapabilities capabilities = ProvisionerCapabilities.dedicatedClusters();
    private volatile @Nullable RuntimeException failure;
    private volatile @Nullable Nonsense nonsense;
    private volatile @Nullable CountDownLatch hanging;

    /**
     * A provisioner without customers.
     *
     * @param clock tells how long a cluster has been in the making
     */
    public FakeProvisioner(InstantSource clock) {
        this(clock, new FakeCloud(clock));
    }

    FakeProvisioner(InstantSource clock, FakeCloud cloud) {
        this.cloud = cloud;
        clusters = new FakeClusters(Objects.requireNonNull(clock, "clock"), cloud);
    }

    /**
     * Sets its id.
     *
     * @param value the id; {@code fake} unless set
     * @return this
     */
    public FakeProvisioner id(String value) {
        id = Objects.requireNonNull(value, "value");
        return this;
    }

    /**
     * Sets what it can do.
     *
     * @param value its capabilities; {@link ProvisionerCapabilities#dedicatedClusters} unless set
     * @return this
     */
    public FakeProvisioner capabilities(ProvisionerCapabilities value) {
        capabilities = Objects.requireNonNull(value, "value");
        return this;
    }

    /**
     * Sets how long a cluster takes.
     *
     * @param duration by the clock, from its first call; none unless set
     * @return this
     */
    public FakeProvisioner takes(Duration duration) {
        clusters.takes(Objects.requireNonNull(duration, "duration"));
        return this;
    }

    /**
     * Sets how long the removal of each thing takes.
     *
     * @param duration by the clock; none unless set
     * @return this
     */
    public FakeProvisioner removalTakes(Duration duration) {
        cloud.removalTakes(Objects.requireNonNull(duration, "duration"));
        return this;
    }

    /**
     * Sets where the kubeconfigs of its clusters are said to be.
     *
     * @param where the key of a Secret for a customer's name; {@code kubeconfig} of {@code opencrane-system/<name>-kubeconfig} unless set
     * @return this
     */
    public FakeProvisioner kubeconfigs(Function<String, SecretKeyRef> where) {
        clusters.kubeconfigs(Objects.requireNonNull(where, "where"));
        return this;
    }

    /**
     * Makes every call throw, before it does anything.
     *
     * @param thrown what, or null for none any more
     */
    public void failWith(@Nullable RuntimeException thrown) {
        failure = thrown;
    }

    /** Makes calls wait before they do anything, until {@link #release} or until their thread is interrupted. */
    public synchronized void hang() {
        if (hanging == null) {
            hanging = new CountDownLatch(1);
        }
    }

    /** Lets waiting calls go on, and later ones pass. */
    public synchronized void release() {
        if (hanging != null) {
            hanging.countDown();
            hanging = null;
        }
    }

    /**
     * Makes it answer nonsense after doing what it was asked to do.
     *
     * @param kind what kind, or null for none any more
     */
    public void answerWith(@Nullable Nonsense kind) {
        nonsense = kind;
    }

    /**
     * Makes a customer fail, also one that was ready; it can be removed all the same.
     *
     * @param customer its name
     * @param message what is said about it
     */
    public void breakDown(String customer, String message) {
        broken.put(customer, Objects.requireNonNull(message, "message"));
    }

    /**
     * Ends what {@link #breakDown} began.
     *
     * @param customer its name
     */
    public void mend(String customer) {
        broken.remove(customer);
    }

    /**
     * Loses everything of a customer, data too, as if somebody had removed it by hand.
     *
     * @param customer its name
     */
    public void forget(String customer) {
        cloud.forget(customer);
    }

    /**
     * What exists for a customer, without its data.
     *
     * @param customer its name
     * @return names in the order of creation, for example {@code acme/network} and {@code acme/cluster}
     */
    public List<String> resources(String customer) {
        return cloud.resources(customer);
    }

    /**
     * The data of a customer.
     *
     * @param customer its name
     * @return identifiers, which no two volumes share
     */
    public Set<String> data(String customer) {
        return cloud.data(customer);
    }

    /**
     * What it was asked so far, {@link #id} and {@link #capabilities} left out.
     *
     * @return a copy, in order; calls that threw are there too
     */
    public List<FakeCall> calls() {
        return List.copyOf(calls);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public ProvisionerCapabilities capabilities() {
        return capabilities;
    }

    @Override
    public Provisioning provision(ProvisionRequest request) {
        return answer(
                new FakeCall(FakeCall.Kind.PROVISION, request.name(), request.operationId(), false),
                () -> clusters.provision(request.name()));
    }

    @Override
    public Provisioning status(StatusRequest request) {
        return answer(
                new FakeCall(FakeCall.Kind.STATUS, request.name(), request.operationId(), false),
                () -> clusters.status(request.name()));
    }

    @Override
    public Provisioning deprovision(DeprovisionRequest request) {
        return answer(
                new FakeCall(FakeCall.Kind.DEPROVISION, request.name(), request.operationId(), request.retainState()),
                () -> clusters.deprovision(request.name(), request.retainState()));
    }

    private Provisioning answer(FakeCall call, Supplier<Provisioning> work) {
        calls.add(call);
        waitIfHanging();
        RuntimeException thrown = failure;
        if (thrown != null) {
            throw thrown;
        }
        Provisioning answer = work.get();
        Nonsense kind = nonsense;
        if (kind != null) {
            return kind.answer(call.kind());
        }
        String message = broken.get(call.customer());
        return message == null || call.kind() == FakeCall.Kind.DEPROVISION ? answer : Provisioning.failed(message);
    }

    private void waitIfHanging() {
        CountDownLatch latch = hanging;
        if (latch == null) {
            return;
        }
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OpenCraneException(ErrorCode.TIMEOUT, "provisioner " + id, "Interrupted.", Retry.MAY_HELP, e);
        }
    }

    /**
     * Names it only.
     *
     * @return for example {@code FakeProvisioner[fake]}
     */
    @Override
    public String toString() {
        return "FakeProvisioner[" + id + "]";
    }
}
