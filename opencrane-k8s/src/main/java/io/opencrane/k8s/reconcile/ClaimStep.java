package io.opencrane.k8s.reconcile;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.core.tenant.TenantNames;
import io.opencrane.k8s.apply.Ownership;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.object.ObjectRef;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * A host and the names of children belong to one tenant each (DECISIONS 9, 23; contract §7, 14). Only tenants of one name can want the
 * same, because a tenant's name has no dot. Whoever has it keeps it, then age decides, then the name of the namespace: the same answer
 * for both, in whatever order they are reconciled.
 */
final class ClaimStep {
    private static final Comparator<Tenant> OLDEST_FIRST = Comparator.comparing((Tenant tenant) ->
                    Objects.requireNonNullElse(tenant.metadata().creationTimestamp(), Instant.MAX))
            .thenComparing(tenant -> tenant.metadata().namespace());

    private final Sites sites;
    private final Context context;
    private final Tenant tenant;
    private final StatusDraft draft;
    private final Parent parent;

    ClaimStep(Sites sites, Tenant tenant, StatusDraft draft, Parent parent) {
        this.sites = sites;
        this.context = sites.home();
        this.tenant = tenant;
        this.draft = draft;
        this.parent = parent;
    }

    void require() {
        for (Tenant namesake : context.resources().namesakes(tenant)) {
            requireFree(namesake, Parent.of(context, namesake));
        }
        draft.holds(TenantRun.HOST, "Assigned", host());
    }

    private String host() {
        return TenantNames.of(tenant.id()).host(parent.baseDomain());
    }

    private void requireFree(Tenant namesake, Optional<Parent> theirs) {
        if (theirs.filter(place -> place.placement().equals(parent.placement())).isPresent()) {
            if (loses(namesake, place -> children(place).serviceAccount())) {
                throw taken(
                        ErrorCode.NAME_TAKEN,
                        "The names of its children in " + Parent.describe(parent.placement()) + " belong",
                        "them",
                        namesake);
            }
        } else if (losesHost(namesake, theirs)) {
            throw taken(ErrorCode.HOST_TAKEN, "Host " + host() + " belongs", "it", namesake);
        }
    }

    /** One that wants another host, or nobody knows which, may still have this one: its move was refused, or its customer is gone. */
    private boolean losesHost(Tenant namesake, Optional<Parent> theirs) {
        Function<String, ObjectRef> ingress = place -> children(place).ingress();
        boolean wantsIt = theirs.filter(place -> place.baseDomain().equals(parent.baseDomain()))
                .isPresent();
        return wantsIt ? loses(namesake, ingress) : has(namesake, ingress) && !has(tenant, ingress);
    }

    private TenantChildren children(String namespace) {
        return new TenantChildren(tenant.metadata().name(), namespace);
    }

    private boolean loses(Tenant namesake, Function<String, ObjectRef> evidence) {
        boolean theyHaveIt = has(namesake, evidence);
        boolean weHaveIt = has(tenant, evidence);
        if (theyHaveIt != weHaveIt) {
            return theyHaveIt;
        }
        boolean leaving = namesake.metadata().isBeingDeleted();
        return !leaving && OLDEST_FIRST.compare(namesake, tenant) < 0;
    }

    /**
     * Whether a tenant has what it claims: the object is there, is its own, and an Ingress holds this very host. Another customer's
     * cluster is not asked: whether it answers, and what, must not decide about tenants elsewhere. There the status tells, which gets
     * its host when the Ingress is applied.
     */
    private boolean has(Tenant claimant, Function<String, ObjectRef> evidence) {
        Placement placement = claimant.status().placement();
        if (placement == null) {
            return false;
        }
        boolean isAnothers =
                !placement.cluster().isEmpty() && !placement.cluster().equals(parent.cluster());
        if (isAnothers) {
            return host().equals(claimant.status().ingressHost());
        }
        Ownership owner = new Ownership(claimant.id(), claimant.metadata().uid());
        Optional<GenericKubernetesResource> live =
                sites.at(placement.cluster()).objects().get(evidence.apply(placement.namespace()));
        return live.filter(object -> owner.of(object) == Ownership.Claim.OURS)
                .filter(this::holdsHost)
                .isPresent();
    }

    private boolean holdsHost(GenericKubernetesResource object) {
        List<Map<String, Object>> rules = object.get("spec", "rules");
        return rules == null || rules.stream().anyMatch(rule -> host().equals(rule.get("host")));
    }

    private Stop taken(ErrorCode code, String what, String pronoun, Tenant namesake) {
        String sentence = what + " to tenant " + namesake.id() + ", so tenant " + tenant.id() + " cannot have "
                + pronoun + "; rename one of the two or give them different customers.";
        draft.fails(TenantRun.HOST, code.name(), sentence);
        return Stop.errorThatMayPass(code.name(), sentence);
    }
}
