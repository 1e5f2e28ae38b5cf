package io.opencrane.k8s.reconcile;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.AccessPolicyStatus;
import io.opencrane.api.tenant.Placement;
import io.opencrane.core.policy.EgressPlan;
import io.opencrane.core.policy.EgressPlan.Reason;
import io.opencrane.k8s.apply.ChildChange;
import io.opencrane.k8s.apply.ChildChange.Action;
import io.opencrane.k8s.apply.PolicyOwnership;
import io.opencrane.k8s.blueprint.PolicyObjects;
import io.opencrane.k8s.reconcile.Children.Effect;
import io.opencrane.k8s.reconcile.PolicyPlace.Look;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * One walk through one policy: the objects in every place where its tenants run, and none where they do not (contract §7, 11, 18). What
 * goes wrong in one place is told and does not keep the others from being put right. Used once, by one thread.
 */
final class PolicyRun {
    static final String ACCEPTED = "Accepted";
    static final String NETWORK = "NetworkApplied";

    /** Nobody watches a customer's cluster for us, nor namespaces outside the scope, nor what is Cilium's, nor tells when Cilium comes. */
    private static final Duration UNWATCHED = Duration.ofMinutes(5);

    /** The policy's name is a label's value. */
    private static final int MAX_NAME = 63;

    private static final Set<Reason> MALFORMED =
            Set.of(Reason.MALFORMED, Reason.METADATA_ADDRESS, Reason.DENY_MALFORMED);

    private final Sites sites;
    private final Context context;
    private final PolicyDraft draft;
    private final InstantSource clock;
    private final PolicyMembers members;
    private final List<PolicyPlace.Failure> failures = new ArrayList<>();
    private final List<Placement> withoutCilium = new ArrayList<>();
    private final SortedSet<Placement> placements = PolicyMembers.places();
    private AccessPolicy policy;
    private List<ChildChange> changes = List.of();

    PolicyRun(Sites sites, AccessPolicy policy, PolicyDraft draft, InstantSource clock) {
        this.sites = sites;
        this.context = sites.home();
        this.policy = policy;
        this.draft = draft;
        this.clock = clock;
        this.members = PolicyMembers.of(context, policy.id(), Optional.of(policy));
        placements.addAll(policy.status().placements());
    }

    void execute() {
        if (!isNameable(policy.id())) {
            refuse();
            return;
        }
        EgressPlan plan = EgressPlan.of(policy.spec());
        begin();
        apply(plan);
        tell(plan);
    }

    /** Whether a label can hold the name; the server refuses even to look for one that it cannot. */
    static boolean isNameable(AccessPolicyId id) {
        return id.name().length() <= MAX_NAME;
    }

    /** kubectl bypasses the service (DECISIONS 10). */
    private void refuse() {
        String sentence = "A policy's name may have " + MAX_NAME + " characters, this one has "
                + policy.metadata().name().length()
                + "; create it anew under a shorter name. Nothing of it is in force.";
        draft.fails(ACCEPTED, ErrorCode.NAME_TOO_LONG.name(), sentence);
        draft.fails(NETWORK, ErrorCode.NAME_TOO_LONG.name(), sentence);
        if (policy.spec().domains().isEmpty()) {
            draft.forget(AccessPolicyStatus.DOMAINS_ENFORCED);
        } else {
            draft.fails(AccessPolicyStatus.DOMAINS_ENFORCED, ErrorCode.NAME_TOO_LONG.name(), sentence);
        }
    }

    /** The finalizer and the places are written before the first object, so that whoever cleans up finds all of them. */
    private void begin() {
        SortedSet<Placement> wanted = members.where();
        if (wanted.isEmpty()) {
            return;
        }
        if (!policy.metadata().isBeingDeleted()) {
            policy = context.resources().addFinalizer(policy);
        }
        if (placements.addAll(wanted)) {
            AccessPolicyStatus before = policy.status();
            AccessPolicyStatus placed = new AccessPolicyStatus(
                    before.lastReconciled(), before.conditions(), before.observedGeneration(), List.copyOf(placements));
            policy = context.resources().patchStatus(policy, policy.withStatus(placed));
        }
    }

    private void apply(EgressPlan plan) {
        PolicyOwnership owner =
                new PolicyOwnership(policy.id(), policy.metadata().uid());
        Children children = children(owner);
        PolicyObjects objects = new PolicyObjects(owner, plan);
        SortedSet<Placement> places = PolicyMembers.places();
        places.addAll(placements);
        places.add(home());
        boolean alone = context.resources().namesakes(policy).isEmpty();
        try {
            for (Placement place : places) {
                apply(place, children, objects, alone);
            }
        } finally {
            changes = children.changes();
        }
        requireUpToDate();
    }

    /** Nobody can ask for a reconcile of a policy, so nothing is remembered as not worth another try. */
    private Children children(PolicyOwnership owner) {
        return new Children(
                context.applier(),
                owner,
                Conditions.unremembered(clock),
                NETWORK,
                Effect.APPLY,
                false,
                () -> copied().requireSameGeneration());
    }

    private void apply(Placement place, Children children, PolicyObjects objects, boolean alone) {
        Collection<String> tenants = members.at(place);
        if (!place.cluster().isEmpty() && tenants.isEmpty() && isGone(place)) {
            placements.remove(place); // and its cluster with it
            return;
        }
        Look look = tenants.isEmpty() && placements.contains(place) ? Look.THOROUGH : Look.BY_LABEL;
        PolicyPlace.Outcome outcome =
                PolicyPlace.in(sites, place, children, objects).apply(tenants, alone, look);
        failures.addAll(outcome.failures());
        if (!outcome.hasCilium() && (members.isEmpty() || !tenants.isEmpty())) {
            withoutCilium.add(place);
        }
        if (tenants.isEmpty() && outcome.failures().isEmpty()) {
            placements.remove(place);
        }
    }

    private boolean isGone(Placement place) {
        return context.parents().find(place.cluster()).isEmpty();
    }

    /** An old copy may have written after a newer one was through, with nothing to write to the status that would tell. */
    private void requireUpToDate() {
        boolean wrote = changes.stream().anyMatch(change -> change.action() != Action.UNCHANGED);
        if (wrote) {
            copied().requireSameGeneration();
        }
    }

    private Copied copied() {
        return new Copied(context.fresh(), policy);
    }

    private Placement home() {
        return new Placement("", policy.metadata().namespace());
    }

    private void tell(EgressPlan plan) {
        List<String> malformed = gaps(plan, MALFORMED);
        if (malformed.isEmpty()) {
            draft.holds(ACCEPTED, "Accepted", "");
        } else {
            draft.fails(ACCEPTED, "Malformed", "Not in force: " + Sentences.told(malformed));
        }
        if (failures.isEmpty()) {
            draft.holds(NETWORK, "Applied", "");
        } else {
            String code = failures.get(0).code();
            String sentence = Sentences.told(
                    failures.stream().map(PolicyPlace.Failure::sentence).toList());
            boolean passes = failures.stream().allMatch(PolicyPlace.Failure::mayPass);
            draft.fails(NETWORK, code, passes ? draft.inTheSameWords(NETWORK, code, sentence) : sentence);
        }
        new DomainsCondition(policy, plan, draft).tell(withoutCilium, failures);
    }

    static List<String> gaps(EgressPlan plan, Set<Reason> reasons) {
        return plan.gaps().stream()
                .filter(gap -> reasons.contains(gap.reason()))
                .map(gap -> gap.path() + ": " + gap.message())
                .toList();
    }

    AccessPolicyStatus finish() {
        return draft.finish(List.copyOf(placements));
    }

    /** The policy as last written. */
    AccessPolicy policy() {
        return policy;
    }

    PolicyMembers members() {
        return members;
    }

    boolean isClean() {
        return placements.isEmpty() && failures.isEmpty();
    }

    List<ChildChange> changes() {
        return changes;
    }

    @Nullable
    Duration requeueAfter() {
        if (!failures.isEmpty()) {
            return failures.stream().anyMatch(PolicyPlace.Failure::mayPass) ? Stop.WAITS : Stop.NEEDS_SOMEBODY;
        }
        boolean away = placements.stream()
                .anyMatch(
                        place -> !place.cluster().isEmpty() || !context.scope().contains(place.namespace()));
        boolean hasNames =
                !placements.isEmpty() && !policy.spec().domains().allow().isEmpty();
        return away || hasNames || draft.isWaitingForCilium() ? UNWATCHED : null;
    }
}
