package io.opencrane.k8s.reconcile;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.AccessPolicyStatus;
import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.core.port.ResourceStore;
import io.opencrane.k8s.apply.Ownership.Claim;
import io.opencrane.k8s.apply.Ownership.Sharing;
import io.opencrane.k8s.apply.PolicyOwnership;
import io.opencrane.k8s.blueprint.PolicyObjects;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectReader;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.k8s.reconcile.Children.Effect;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Stream;

/**
 * Takes a policy out of force that is being deleted, or is gone. Looks at the server, never at a cache: what a cache misses would be left
 * behind for ever.
 */
final class PolicyDeletion {
    private static final String TENANTS_GONE = "TenantsGone";

    private final Context uncached;
    private final InstantSource clock;

    PolicyDeletion(Context uncached, InstantSource clock) {
        this.uncached = uncached;
        this.clock = clock;
    }

    /** A copy may be old, and the name may belong to a new policy by now, so the server is asked first. */
    AccessPolicyResult cleanUp(AccessPolicy copy) {
        AccessPolicyId id = copy.id();
        Optional<AccessPolicy> now = uncached.resources()
                .find(AccessPolicy.class, id.namespace(), id.name())
                .filter(found -> found.metadata().uid().equals(copy.metadata().uid()))
                .filter(found -> found.metadata().finalizers().contains(ResourceStore.FINALIZER));
        if (now.isEmpty()) {
            return new AccessPolicyResult(copy, List.of(), null);
        }
        try (Sites sites = new Sites(uncached)) {
            return cleanUp(sites, now.get());
        }
    }

    private AccessPolicyResult cleanUp(Sites sites, AccessPolicy policy) {
        PolicyDraft draft = new PolicyDraft(policy.status(), policy.metadata().generation(), clock);
        PolicyRun run = new PolicyRun(sites, policy, draft, clock);
        run.execute();
        if (run.members().isEmpty() && run.isClean()) {
            uncached.resources().removeFinalizer(run.policy());
            return new AccessPolicyResult(run.policy(), run.changes(), null);
        }
        if (run.members().isEmpty()) {
            draft.forget(TENANTS_GONE);
        } else {
            draft.fails(
                    TENANTS_GONE,
                    ErrorCode.IN_USE.name(),
                    "It is deleted and stays in force for tenants that have no other: "
                            + run.members().describe() + "; give them another policy, or clear their policyRef.");
        }
        AccessPolicy current = run.policy();
        AccessPolicyStatus status = run.finish();
        AccessPolicy after = uncached.resources().patchStatus(current, current.withStatus(status));
        return new AccessPolicyResult(after, run.changes(), Stop.WAITS);
    }

    /** What a policy left that is gone without having been cleaned up; for tenants who keep it its rules stay as they are. */
    AccessPolicyResult clearUp(AccessPolicyId id) {
        if (!PolicyRun.isNameable(id)) {
            return new AccessPolicyResult(null, List.of(), null); // it never made anything
        }
        boolean isThere = uncached.resources()
                .find(AccessPolicy.class, id.namespace(), id.name())
                .isPresent();
        PolicyMembers kept = PolicyMembers.of(uncached, id, Optional.empty());
        if (isThere) {
            throw new OpenCraneException(
                    ErrorCode.CONFLICT,
                    id.key().toString(),
                    "It was made anew meanwhile.",
                    OpenCraneException.Retry.MAY_HELP,
                    null);
        }
        PolicyOwnership owner = new PolicyOwnership(id, "");
        try (Sites sites = new Sites(uncached)) {
            Children children = new Children(
                    uncached.applier(),
                    owner,
                    Conditions.unremembered(clock),
                    PolicyRun.NETWORK,
                    Effect.APPLY,
                    false,
                    () -> {});
            clearUp(sites, children, owner, kept);
            return new AccessPolicyResult(null, children.changes(), null);
        }
    }

    /** A customer's cluster that is away does not keep the others from being cleared up. */
    private void clearUp(Sites sites, Children children, PolicyOwnership owner, PolicyMembers kept) {
        OpenCraneException first = null;
        for (Placement place : whereItMayHaveBeen(owner.policy())) {
            boolean away = !place.cluster().isEmpty();
            try {
                if (!away || sites.home().parents().find(place.cluster()).isPresent()) {
                    clearUp(sites.at(place.cluster()), place, children, owner, kept);
                }
            } catch (OpenCraneException e) {
                if (!away) {
                    throw e;
                }
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private static void clearUp(
            Context there, Placement place, Children children, PolicyOwnership owner, PolicyMembers kept) {
        Children here = children.in(there.applier());
        left(there.objects(), place.namespace(), owner).forEach(object -> {
            SortedSet<String> tenants =
                    kept.at(new Placement(place.cluster(), object.getMetadata().getNamespace()));
            Optional<GenericKubernetesResource> narrowed = PolicyObjects.narrowed(object, owner.policy(), tenants);
            if (narrowed.isPresent()) {
                enforce(here, object, narrowed.get());
            } else {
                here.remove(ObjectRef.of(object), Optional.of(object), Sharing.NONE);
            }
        });
    }

    private static void enforce(Children here, GenericKubernetesResource live, GenericKubernetesResource desired) {
        try {
            here.enforceWhole(ObjectRef.of(live), Optional.of(live), desired);
        } catch (Stop stop) { // there is no status to say it in
            throw new OpenCraneException(
                    ErrorCode.CONFLICT,
                    ObjectRef.of(live).toString(),
                    stop.sentence(),
                    OpenCraneException.Retry.MAY_HELP,
                    null);
        }
    }

    /** Wherever tenants of its namespace run, and every namespace at home that we may look into; an empty name stands for all. */
    private SortedSet<Placement> whereItMayHaveBeen(AccessPolicyId id) {
        SortedSet<Placement> places = PolicyMembers.places();
        Pages.all(uncached.resources(), Tenant.class, id.namespace()).stream()
                .map(PolicyMembers::recorded)
                .flatMap(Optional::stream)
                .forEach(places::add);
        if (uncached.scope().isWholeCluster()) {
            places.removeIf(place -> place.cluster().isEmpty());
            places.add(new Placement("", ""));
        } else {
            uncached.scope().namespaces().forEach(namespace -> places.add(new Placement("", namespace)));
        }
        return places;
    }

    private static Stream<GenericKubernetesResource> left(ObjectStore there, String namespace, PolicyOwnership owner) {
        Filter ofTheName =
                Filter.labelled(Map.of(PolicyOwnership.LABEL, owner.policy().name()));
        ObjectReader reader = ObjectReader.of(there);
        return Stream.concat(
                        reader.list(ObjectType.NETWORK_POLICY, namespace, ofTheName).stream(),
                        PolicyPlace.cilium(there, namespace, ofTheName).orElse(List.of()).stream())
                .filter(object -> owner.of(object) == Claim.OURS);
    }
}
