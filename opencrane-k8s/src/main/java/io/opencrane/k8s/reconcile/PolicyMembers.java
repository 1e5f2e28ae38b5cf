package io.opencrane.k8s.reconcile;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.core.policy.NamespacePolicies;
import io.opencrane.core.policy.PolicySubject;
import io.opencrane.core.port.ResourceStore;
import io.opencrane.k8s.apply.Ownership;
import io.opencrane.k8s.apply.Ownership.Claim;
import io.opencrane.k8s.blueprint.TenantChildren;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The tenants that are under a policy, by where their pods run (DECISIONS 29): those it resolves for, and those that keep it because
 * nothing resolves for them.
 */
final class PolicyMembers {
    private static final Comparator<Placement> BY_PLACE =
            Comparator.comparing(Placement::cluster).thenComparing(Placement::namespace);

    private final SortedMap<Placement, SortedSet<String>> byPlace = new TreeMap<>(BY_PLACE);

    private PolicyMembers() {}

    static SortedSet<Placement> places() {
        return new TreeSet<>(BY_PLACE);
    }

    /** The members of a policy as it is at hand, which may be newer than the list, or gone and then only kept. */
    static PolicyMembers of(Context context, AccessPolicyId id, Optional<AccessPolicy> policy) {
        ResourceStore resources = context.resources();
        List<AccessPolicy> policies = new ArrayList<>(Pages.all(resources, AccessPolicy.class, id.namespace()));
        policies.removeIf(other -> other.id().equals(id));
        policy.ifPresent(policies::add);
        NamespacePolicies resolving = new NamespacePolicies(
                id.namespace(), policies, context.settings().tenants().defaultPolicyRef());
        PolicyMembers members = new PolicyMembers();
        for (Tenant tenant : Pages.all(resources, Tenant.class, id.namespace())) {
            if (id.name().equals(resolving.inForce(PolicySubject.of(tenant)).name())) {
                place(context, tenant)
                        .ifPresent(place -> members.byPlace
                                .computeIfAbsent(place, key -> new TreeSet<>())
                                .add(tenant.metadata().name()));
            }
        }
        return members;
    }

    /**
     * Where a tenant's pods are. Objects select pods by the tenant's name, so one that has none there must not be counted: the pods of its
     * name would be another tenant's (contract §7, 14).
     */
    private static Optional<Placement> place(Context context, Tenant tenant) {
        Optional<Placement> recorded = recorded(tenant);
        if (recorded.isEmpty() && tenant.spec().clusterTenantRef() != null) {
            return Optional.empty();
        }
        Placement place = recorded.orElse(new Placement("", tenant.metadata().namespace()));
        boolean isSure =
                recorded.isPresent() && (!lacksNames(tenant) || !place.cluster().isEmpty());
        return isSure || hasWorkload(context, tenant, place.namespace()) ? Optional.of(place) : Optional.empty();
    }

    /** Where its status says that a tenant's pods are, or were to be. */
    static Optional<Placement> recorded(Tenant tenant) {
        return Optional.ofNullable(tenant.status().placement())
                .filter(placement -> !placement.namespace().isEmpty());
    }

    private static boolean lacksNames(Tenant tenant) {
        return tenant.status().conditions().stream()
                .anyMatch(condition -> condition.type().equals(Conditions.READY)
                        && condition.reason().equals(ErrorCode.NAME_TAKEN.name()));
    }

    private static boolean hasWorkload(Context context, Tenant tenant, String namespace) {
        Ownership owner = new Ownership(tenant.id(), tenant.metadata().uid());
        return context.objects()
                .get(new TenantChildren(tenant.metadata().name(), namespace).deployment())
                .filter(workload -> owner.of(workload) != Claim.FOREIGN)
                .isPresent();
    }

    SortedSet<String> at(Placement place) {
        return byPlace.getOrDefault(place, new TreeSet<>());
    }

    SortedSet<Placement> where() {
        SortedSet<Placement> places = places();
        places.addAll(byPlace.keySet());
        return places;
    }

    boolean isEmpty() {
        return byPlace.isEmpty();
    }

    /** For people: a few of them. */
    String describe() {
        List<String> names = byPlace.values().stream()
                .flatMap(SortedSet::stream)
                .distinct()
                .sorted()
                .toList();
        return Sentences.few(names);
    }
}
