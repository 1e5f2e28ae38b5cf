package io.opencrane.core.provisioner;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.OpenCraneException.Retry;
import io.opencrane.api.provisioner.ClusterTenantProvisioner;
import io.opencrane.api.provisioner.DeprovisionRequest;
import io.opencrane.api.provisioner.ProvisionRequest;
import io.opencrane.api.provisioner.ProvisionerCapabilities;
import io.opencrane.api.provisioner.Provisioning;
import io.opencrane.api.provisioner.Provisioning.State;
import io.opencrane.api.provisioner.StatusRequest;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A provisioner of somebody else, called without trusting it: whatever it throws comes out as an {@link OpenCraneException}, one that
 * hangs is left behind after the time-out, and an answer that makes no sense is an error. Thread-safe; of one customer one call runs at a
 * time, also one that hangs.
 */
public final class GuardedProvisioner {
    private final String id;
    private final ClusterTenantProvisioner provisioner;
    private final ProvisionerCapabilities capabilities;
    private final Executor executor;
    private final Duration timeout;
    private final Set<String> running = ConcurrentHashMap.newKeySet();

    GuardedProvisioner(
            String id,
            ClusterTenantProvisioner provisioner,
            ProvisionerCapabilities capabilities,
            Executor executor,
            Duration timeout) {
        this.id = id;
        this.provisioner = provisioner;
        this.capabilities = capabilities;
        this.executor = executor;
        this.timeout = timeout;
    }

    /**
     * Its name.
     *
     * @return as registered
     */
    public String id() {
        return id;
    }

    /**
     * What it can do.
     *
     * @return as it said when it was registered
     */
    public ProvisionerCapabilities capabilities() {
        return capabilities;
    }

    /**
     * As {@link ClusterTenantProvisioner#provision}.
     *
     * @param request who, and what is wanted
     * @return in progress, ready or failed
     * @throws OpenCraneException {@code TIMEOUT} if it hangs, {@code UPSTREAM_ERROR} for a foreign exception or a senseless answer, else
     *     what it threw
     */
    public Provisioning provision(ProvisionRequest request) {
        return call(request.name(), State.ABSENT, () -> provisioner.provision(request));
    }

    /**
     * As {@link ClusterTenantProvisioner#status}.
     *
     * @param request who
     * @return how it stands
     * @throws OpenCraneException as {@link #provision}
     */
    public Provisioning status(StatusRequest request) {
        return call(request.name(), null, () -> provisioner.status(request));
    }

    /**
     * As {@link ClusterTenantProvisioner#deprovision}.
     *
     * @param request who, and whether data stay
     * @return in progress, failed or absent
     * @throws OpenCraneException as {@link #provision}
     */
    public Provisioning deprovision(DeprovisionRequest request) {
        return call(request.name(), State.READY, () -> provisioner.deprovision(request));
    }

    private Provisioning call(String customer, @Nullable State senseless, Supplier<Provisioning> call) {
        FutureTask<Provisioning> task = new FutureTask<>(() -> alone(customer, call));
        if (running.contains(customer)) {
            throw hangs(customer);
        }
        try {
            executor.execute(task);
            Provisioning answer = task.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return Answers.checked(subject(customer), answer, senseless);
        } catch (RejectedExecutionException e) {
            throw failure(
                    ErrorCode.UPSTREAM_ERROR, customer, "The executor of the provisioners takes no more calls.", e);
        } catch (TimeoutException e) {
            task.cancel(true);
            throw failure(ErrorCode.TIMEOUT, customer, "It did not answer within " + timeout.toSeconds() + " s.", null);
        } catch (InterruptedException e) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            throw failure(ErrorCode.TIMEOUT, customer, "Interrupted while it was asked.", null);
        } catch (ExecutionException e) {
            throw thrown(customer, e.getCause());
        }
    }

    /** A call that was left behind still runs; a second one beside it would break the promise of the SPI. */
    private Provisioning alone(String customer, Supplier<Provisioning> call) {
        if (!running.add(customer)) {
            throw hangs(customer);
        }
        try {
            return call.get();
        } finally {
            running.remove(customer);
        }
    }

    private OpenCraneException hangs(String customer) {
        return failure(ErrorCode.TIMEOUT, customer, "An earlier call for this customer has not returned yet.", null);
    }

    /** Of a stranger's exception only the type is told: its message may hold anything. */
    private OpenCraneException thrown(String customer, @Nullable Throwable cause) {
        if (cause instanceof OpenCraneException known) {
            return presentable(customer, known);
        }
        String type = cause == null ? "nothing" : cause.getClass().getName();
        return failure(ErrorCode.UPSTREAM_ERROR, customer, "It threw " + type + ".", cause);
    }

    /** Its message ends in a status as an answer's does, so the same holds for it. */
    private OpenCraneException presentable(String customer, OpenCraneException known) {
        String said = known.getMessage();
        String shown = Objects.requireNonNullElse(Answers.message(said), "It threw without a message.");
        if (shown.equals(said)) {
            return known;
        }
        Retry retry = known.isRetryable() ? Retry.MAY_HELP : Retry.POINTLESS;
        return new OpenCraneException(known.code(), subject(customer), shown, retry, known);
    }

    private OpenCraneException failure(ErrorCode code, String customer, String sentence, @Nullable Throwable cause) {
        return new OpenCraneException(code, subject(customer), sentence, Retry.MAY_HELP, cause);
    }

    private String subject(String customer) {
        return "provisioner " + id + " for ClusterTenant " + customer;
    }

    /** {@inheritDoc} Names it only. */
    @Override
    public String toString() {
        return "GuardedProvisioner[" + id + "]";
    }
}
