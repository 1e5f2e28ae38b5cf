package io.opencrane.k8s.reconcile;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantPhase;
import io.opencrane.api.clustertenant.ClusterTenantStatus;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.provisioner.ProvisionRequest;
import io.opencrane.api.provisioner.Provisioning;
import io.opencrane.api.provisioner.Provisioning.State;
import io.opencrane.api.provisioner.StatusRequest;
import io.opencrane.api.resource.Condition;
import io.opencrane.api.resource.Condition.Status;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.core.clustertenant.ClusterTenantNames;
import io.opencrane.core.provisioner.GuardedProvisioner;
import io.opencrane.core.provisioner.Provisioners;
import io.opencrane.k8s.reconcile.Pacing.Answered;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a provisioner of somebody else is asked in one run, and what its answer leads to. What it has made is never given up for what it
 * says later: a customer that was ready keeps its namespace and its kubeconfig, and its tenants go on (invariant 4).
 */
final class ExternalStep {
    private static final String IN_PROGRESS = "InProgress";
    private static final String FAILED = "Failed";
    private static final String TIMED_OUT = "TimedOut";
    private static final Duration SOONEST = Duration.ofSeconds(5);
    private static final Duration LATEST = Duration.ofMinutes(1);
    private static final Duration WHILE_READY = Duration.ofMinutes(10);

    private final GuardedProvisioner provisioner;
    private final CustomerDraft draft;
    private final Pacing pacing;
    private final Runnable beforeProvision;
    private final boolean isBound;

    /** The last spec that was carried out; a failure of a later one is still about this one, and so that one is asked for again. */
    private final long doneGeneration;

    private ClusterTenant customer;
    private Instant started;
    private @Nullable String boundNamespace;
    private @Nullable Duration requeueAfter;

    /**
     * @param beforeProvision throws unless the customer is still there and wants what its copy says
     */
    ExternalStep(
            Provisioners provisioners,
            Pacing pacing,
            ClusterTenant customer,
            CustomerDraft draft,
            Runnable beforeProvision) {
        this.pacing = pacing;
        this.customer = customer;
        this.draft = draft;
        this.beforeProvision = beforeProvision;
        isBound = customer.status().kubeconfigSecretRef() != null;
        doneGeneration = draft.before(CustomerRun.PROVISIONED)
                .map(Condition::observedGeneration)
                .orElse(0L);
        started = Objects.requireNonNullElse(customer.status().provisionStartedAt(), draft.now);
        provisioner = provisioner(provisioners);
    }

    /** Whoever began goes on, whatever is chosen for new customers by now. */
    private GuardedProvisioner provisioner(Provisioners provisioners) {
        @Nullable
        String begunBy = customer.status().provisionStartedAt() == null
                ? null
                : customer.status().provisioner();
        try {
            return begunBy == null
                    ? provisioners.forTier(customer.spec().isolationTier())
                    : provisioners.byId(begunBy).orElseThrow(() -> notRegistered(begunBy));
        } catch (OpenCraneException e) {
            throw Stop.failing(draft, CustomerRun.ACCEPTED, e.code(), String.valueOf(e.getMessage()));
        }
    }

    private static OpenCraneException notRegistered(String id) {
        return new OpenCraneException(
                ErrorCode.TIER_UNAVAILABLE,
                "provisioner " + id,
                "It made this customer's cluster and is not registered any more; register it again.");
    }

    /** The status to be recorded before the first question. */
    ClusterTenantStatus begun(ClusterTenantStatus status) {
        if (status.provisionStartedAt() != null) {
            return status;
        }
        draft.fields.provisioner(provisioner.id()).provisionStartedAt(draft.now);
        return status.toBuilder()
                .phase(ClusterTenantPhase.PROVISIONING)
                .provisioner(provisioner.id())
                .provisionStartedAt(draft.now)
                .build();
    }

    /** Returns once the customer's cluster may be used, or could be before. */
    void ask(ClusterTenant begun) {
        customer = begun;
        String uid = customer.metadata().uid();
        Optional<Answered> answered = pacing.tooEarly(uid, draft.generation, draft.now)
                .filter(last -> last.stop() != null || customer.status().boundNamespace() != null);
        if (answered.isPresent()) {
            asBefore(answered.get());
            return;
        }
        try {
            askNow();
            pacing.answered(uid, draft.generation, draft.now.plus(Objects.requireNonNull(requeueAfter)), null);
        } catch (Stop stop) {
            pacing.answered(uid, draft.generation, draft.now.plus(stop.requeueAfter), stop);
            throw stop;
        }
    }

    private void asBefore(Answered answered) {
        Duration left = answered.left(draft.now);
        Stop stop = answered.stop();
        if (stop != null) {
            throw new Stop(stop.phase, stop.reason, stop.sentence(), left);
        }
        keepBound(left);
    }

    private void askNow() {
        if (isOpen()) {
            beforeProvision.run();
        }
        Provisioning answer;
        try {
            answer = question();
        } catch (OpenCraneException e) {
            noAnswer(e);
            return;
        }
        draft.fields.operationId(answer.operationId());
        switch (answer.state()) {
            case READY -> ready(answer);
            case IN_PROGRESS -> inProgress(answer);
            case FAILED, ABSENT -> {
                String sentence = Objects.requireNonNullElse(
                        answer.message(), "Provisioner " + provisioner.id() + " failed and did not say why.");
                draft.set(CustomerRun.PROVISIONED, Status.FALSE, FAILED, sentence, doneGeneration);
                throw Stop.error(FAILED, sentence);
            }
        }
    }

    /** Whether the present spec is not carried out yet. */
    private boolean isOpen() {
        return doneGeneration < draft.generation;
    }

    /** What is not done is asked for by the same call each time: a provisioner need not have a thread of its own for a later step. */
    private Provisioning question() {
        if (isBound) {
            Provisioning now = provisioner.status(StatusRequest.of(customer));
            if (now.state() == State.ABSENT) {
                throw lost();
            }
            if (!isOpen()) {
                return now;
            }
        }
        Provisioning answer = provisioner.provision(ProvisionRequest.of(customer));
        long seen = draft.before.observedGeneration();
        boolean isChanged = seen > 0 && seen < draft.generation;
        boolean isNewAttempt = answer.state() == State.IN_PROGRESS && draft.hadReason(CustomerRun.PROVISIONED, FAILED);
        if (isChanged || isNewAttempt) {
            started = draft.now;
            draft.fields.provisionStartedAt(started);
        }
        return answer;
    }

    private Stop lost() {
        String sentence = "Provisioner " + provisioner.id()
                + " says that this customer's cluster is gone. Restore it; nothing is made in its place, because it would"
                + " be empty.";
        draft.set(CustomerRun.PROVISIONED, Status.FALSE, ErrorCode.STATE_LOST.name(), sentence, doneGeneration);
        return Stop.error(ErrorCode.STATE_LOST.name(), sentence);
    }

    private void ready(Provisioning answer) {
        String bound = customer.status().boundNamespace();
        String namespace = answer.boundNamespace();
        if (bound != null && namespace != null && !bound.equals(namespace)) {
            throw Stop.failing(
                    draft,
                    CustomerRun.PROVISIONED,
                    ErrorCode.MOVE_NEEDS_STATE_PLAN,
                    "Provisioner " + provisioner.id() + " names namespace " + namespace
                            + ", but the tenants' state is in " + bound + "; it must go on naming that.");
        }
        draft.fields.kubeconfigSecretRef(answer.kubeconfigSecretRef()).operationId(null);
        draft.set(CustomerRun.PROVISIONED, Status.TRUE, "Ready", "", draft.generation);
        boundNamespace = Objects.requireNonNullElseGet(
                namespace != null ? namespace : bound,
                () -> ClusterTenantNames.boundNamespace(customer.metadata().name()));
        requeueAfter = Objects.requireNonNullElse(answer.askAgainAfter(), WHILE_READY);
    }

    private void inProgress(Provisioning answer) {
        String sentence =
                Objects.requireNonNullElse(answer.message(), "Provisioner " + provisioner.id() + " works on it.");
        draft.set(CustomerRun.PROVISIONED, Status.FALSE, IN_PROGRESS, sentence, doneGeneration);
        Duration delay = Objects.requireNonNullElseGet(answer.askAgainAfter(), this::backOff);
        if (isBound) {
            keepBound(delay);
            return;
        }
        requireInTime();
        throw new Stop(TenantPhase.PENDING, IN_PROGRESS, sentence, delay);
    }

    private void noAnswer(OpenCraneException e) {
        String reason = e.code().name();
        String sentence = draft.inTheSameWords(CustomerRun.PROVISIONED, reason, String.valueOf(e.getMessage()));
        Status status = isBound ? Status.UNKNOWN : Status.FALSE;
        draft.set(CustomerRun.PROVISIONED, status, reason, sentence, doneGeneration);
        if (isBound) {
            keepBound(LATEST);
            return;
        }
        requireInTime();
        throw e.isRetryable()
                ? new Stop(TenantPhase.PENDING, reason, sentence, backOff())
                : Stop.error(reason, sentence);
    }

    private void keepBound(Duration delay) {
        boundNamespace = customer.status().boundNamespace();
        requeueAfter = delay;
        if (boundNamespace == null) {
            throw new Stop(TenantPhase.PENDING, IN_PROGRESS, "Its cluster has no namespace for tenants yet.", delay);
        }
    }

    private void requireInTime() {
        Duration most = provisioner.capabilities().timeout();
        if (running().compareTo(most) <= 0) {
            return;
        }
        String sentence = "Provisioner " + provisioner.id() + " is not done after " + most.toMinutes()
                + " minutes; look there, or delete the customer. It is asked on.";
        draft.set(CustomerRun.PROVISIONED, Status.FALSE, TIMED_OUT, sentence, doneGeneration);
        throw Stop.error(TIMED_OUT, sentence);
    }

    /** What takes long is asked about more rarely; nothing needs to be remembered for that. */
    private Duration backOff() {
        Duration tenth = running().dividedBy(10);
        if (tenth.compareTo(SOONEST) < 0) {
            return SOONEST;
        }
        return tenth.compareTo(LATEST) > 0 ? LATEST : tenth;
    }

    private Duration running() {
        return Duration.between(started, draft.now);
    }

    String boundNamespace() {
        return Objects.requireNonNull(boundNamespace, "ask() first");
    }

    @Nullable
    Duration requeueAfter() {
        return requeueAfter;
    }
}
