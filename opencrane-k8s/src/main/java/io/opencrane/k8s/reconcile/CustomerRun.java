package io.opencrane.k8s.reconcile;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantStatus;
import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.Problem;
import io.opencrane.core.clustertenant.ClusterTenantNames;
import io.opencrane.core.clustertenant.ClusterTenantValidation;
import io.opencrane.core.clustertenant.TierChange;
import io.opencrane.core.port.ResourceStore;
import io.opencrane.core.provisioner.Provisioners;
import io.opencrane.k8s.apply.Applier;
import io.opencrane.k8s.apply.ChildChange;
import io.opencrane.k8s.apply.CustomerOwnership;
import io.opencrane.k8s.blueprint.CustomerChildren;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.reconcile.Children.Effect;
import io.opencrane.k8s.remote.CustomerClusters;
import io.opencrane.k8s.remote.CustomerObjects;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One walk through one customer. Used once, by one thread. */
final class CustomerRun {
    static final String ACCEPTED = "Accepted";
    static final String PROVISIONED = "Provisioned";
    static final String NAMESPACE = "NamespaceReady";

    private final CustomerContext context;
    private final CustomerDraft draft;
    private final List<ChildChange> changes = new ArrayList<>();
    private ClusterTenant customer;
    private String step = ACCEPTED;
    private @Nullable Duration requeueAfter;

    CustomerRun(CustomerContext context, ClusterTenant customer, CustomerDraft draft) {
        this.context = context;
        this.customer = customer;
        this.draft = draft;
    }

    void execute() {
        requireAcceptable();
        boolean builtIn = Provisioners.isBuiltIn(customer.spec().isolationTier());
        ExternalStep external = builtIn
                ? null
                : new ExternalStep(
                        context.provisioners(), context.pacing(), customer, draft, () -> copied().requireStillWanted());
        draft.holds(ACCEPTED, "Accepted", "");
        boolean held = customer.metadata().finalizers().contains(ResourceStore.FINALIZER);
        customer = context.resources().addFinalizer(customer);
        if (external == null) {
            atHome(!held);
        } else {
            elsewhere(external);
        }
    }

    private void atHome(boolean sure) {
        step = NAMESPACE;
        draft.forget(PROVISIONED);
        draft.fields.provisioner(Provisioners.BUILT_IN_ID);
        CustomerChildren names = namesIn(boundNamespace());
        bring(context.objects(), context.applier(), names, sure);
        draft.fields.boundNamespace(names.namespace());
    }

    private void elsewhere(ExternalStep external) {
        step = PROVISIONED;
        begin(external);
        external.ask(customer);
        requeueAfter = external.requeueAfter();
        step = NAMESPACE;
        CustomerChildren names = namesIn(external.boundNamespace());
        ClusterTenant reachable = customer.withStatus(draft.fields.build());
        try (CustomerClusters.Session session = context.clusters().open(reachable)) {
            ObjectStore there = CustomerObjects.of(reachable, session);
            bring(there, context.applier().over(names.customer(), there), names, false);
        } catch (OpenCraneException e) {
            if (!e.isRetryable() || LostRace.is(e) || e.code() == ErrorCode.BEING_DELETED) {
                throw e;
            }
            throw unreachable(e);
        }
        draft.fields.boundNamespace(names.namespace());
    }

    private Stop unreachable(OpenCraneException e) {
        String reason = e.code().name();
        String sentence =
                draft.inTheSameWords(NAMESPACE, reason, "Its own cluster cannot be reached: " + e.getMessage());
        draft.fails(NAMESPACE, reason, sentence);
        return Stop.waiting(reason, sentence);
    }

    /** Recorded before the provisioner is asked, so that whoever deletes the customer knows whom to ask. */
    private void begin(ExternalStep external) {
        ClusterTenantStatus begun = external.begun(customer.status());
        customer = context.resources().patchStatus(customer, customer.withStatus(begun));
    }

    /** Nobody can ask for a reconcile of a customer, so nothing is remembered as not worth another try. */
    private void bring(ObjectStore objects, Applier applier, CustomerChildren names, boolean sure) {
        Children children = new Children(
                applier,
                new CustomerOwnership(names.customer()),
                Conditions.unremembered(context.clock()),
                NAMESPACE,
                Effect.APPLY,
                false,
                sure ? () -> {} : () -> copied().requireStillThere());
        try {
            new CustomerNamespace(objects, children, names, context.rules()).bring(customer.spec());
        } catch (Stop stop) {
            draft.fails(NAMESPACE, stop.reason, stop.sentence());
            throw stop;
        } finally {
            changes.addAll(children.changes());
        }
        draft.holds(NAMESPACE, "Applied", "");
    }

    private CustomerChildren namesIn(String namespace) {
        return new CustomerChildren(customer.metadata().name(), namespace);
    }

    private String boundNamespace() {
        return Objects.requireNonNullElseGet(
                customer.status().boundNamespace(),
                () -> ClusterTenantNames.boundNamespace(customer.metadata().name()));
    }

    /** kubectl bypasses the service, so what cannot be carried out is refused here too. */
    private void requireAcceptable() {
        String name = customer.metadata().name();
        if (name.length() > ClusterTenantNames.MAX_LENGTH) {
            throw Stop.failing(
                    draft,
                    ACCEPTED,
                    ErrorCode.NAME_TOO_LONG,
                    "A customer's name may have " + ClusterTenantNames.MAX_LENGTH + " characters, this one has "
                            + name.length() + "; create it anew under a shorter name.");
        }
        List<Problem> problems = ClusterTenantValidation.requiredProblems(customer.spec());
        if (!problems.isEmpty()) {
            String sentence = problems.stream()
                    .map(problem -> problem.path() + ": " + problem.message())
                    .collect(Collectors.joining(" "));
            throw Stop.failing(draft, ACCEPTED, ErrorCode.VALIDATION_ERROR, sentence);
        }
        ClusterTenantStatus status = customer.status();
        IsolationTier from =
                isExternal(status, context.provisioners()) ? IsolationTier.DEDICATED_CLUSTER : IsolationTier.SHARED;
        try {
            TierChange.require(name, from, customer.spec().isolationTier(), status);
        } catch (OpenCraneException e) {
            throw Stop.failing(draft, ACCEPTED, e.code(), String.valueOf(e.getMessage()));
        }
    }

    /** Whether a provisioner of somebody else was, or may have been, asked for it; by us, or by the platform deployed before us. */
    static boolean isExternal(ClusterTenantStatus status, Provisioners provisioners) {
        String provisioner = status.provisioner();
        return wasAskedFor(status)
                || provisioner != null && provisioners.byId(provisioner).isPresent();
    }

    /** Whether we asked a provisioner of somebody else for it. */
    static boolean wasAskedFor(ClusterTenantStatus status) {
        return status.provisionStartedAt() != null || status.kubeconfigSecretRef() != null;
    }

    private Copied copied() {
        return new Copied(context.fresh(), customer);
    }

    /** The customer as last written. */
    ClusterTenant customer() {
        return customer;
    }

    /** The condition that an error now is about. */
    String step() {
        return step;
    }

    List<ChildChange> changes() {
        return changes;
    }

    @Nullable
    Duration requeueAfter() {
        return requeueAfter;
    }
}
