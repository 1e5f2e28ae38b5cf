package io.opencrane.k8s.reconcile;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.tenant.Placement;
import io.opencrane.k8s.apply.Ownership.Claim;
import io.opencrane.k8s.apply.Ownership.Sharing;
import io.opencrane.k8s.apply.PolicyOwnership;
import io.opencrane.k8s.blueprint.PolicyObjects;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectReader;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The network objects of one policy in one namespace of one cluster. Used once. */
final class PolicyPlace {
    private final Sites sites;
    private final Placement place;
    private final Children children;
    private final PolicyObjects objects;
    private boolean hasCilium = true;

    private PolicyPlace(Sites sites, Placement place, Children children, PolicyObjects objects) {
        this.sites = sites;
        this.place = place;
        this.children = children;
        this.objects = objects;
    }

    static PolicyPlace in(Sites sites, Placement place, Children children, PolicyObjects objects) {
        return new PolicyPlace(sites, place, children, objects);
    }

    /** What went wrong in a place. */
    record Failure(Placement place, String code, String sentence, boolean mayPass) {}

    /** What came of a place; whether Cilium is there is not known where something failed. */
    record Outcome(boolean hasCilium, List<Failure> failures) {}

    /** How the objects that are there are found. */
    enum Look {
        /** By their label, and as old as a cache: what it misses is told when it comes. */
        BY_LABEL,
        /** All that is the policy's, on the server: for the last look, since nothing that comes later would be found. */
        THOROUGH
    }

    /**
     * Makes the objects what they should be. NetworkPolicies that cannot be had do not keep names from being closed.
     *
     * @param tenants the names of the tenants there; for none everything goes
     * @param alone whether no other policy has this name, whose objects of the deployed platform might be there
     * @throws OpenCraneException if home cannot be reached, or somebody was faster
     */
    Outcome apply(Collection<String> tenants, boolean alone, Look look) {
        Sharing sharing = alone ? Sharing.NONE : Sharing.WITH_A_NAMESAKE;
        List<Failure> failures = new ArrayList<>();
        attempt(there -> networks(there, tenants, sharing, look)).ifPresent(failures::add);
        if (failures.stream().noneMatch(Failure::mayPass)) { // a cluster that is away is not waited for twice
            attempt(there -> names(there, tenants, sharing, look)).ifPresent(failures::add);
        }
        return new Outcome(hasCilium, failures);
    }

    private void networks(Context there, Collection<String> tenants, Sharing sharing, Look look) {
        ObjectStore from = look == Look.THOROUGH ? there.fresh() : there.objects();
        List<GenericKubernetesResource> live =
                ours(ObjectReader.of(from).list(ObjectType.NETWORK_POLICY, place.namespace(), filter(look)), look);
        put(there, ObjectType.NETWORK_POLICY, objects.networkPolicies(place.namespace(), tenants), live, sharing);
    }

    private void names(Context there, Collection<String> tenants, Sharing sharing, Look look) {
        Optional<List<GenericKubernetesResource>> live = cilium(there.objects(), place.namespace(), filter(look));
        hasCilium = live.isPresent();
        if (live.isPresent()) {
            put(
                    there,
                    ObjectType.CILIUM_NETWORK_POLICY,
                    objects.ciliumPolicies(place.namespace(), tenants),
                    ours(live.get(), look),
                    sharing);
        }
    }

    private Filter filter(Look look) {
        return look == Look.THOROUGH
                ? Filter.all()
                : Filter.labelled(
                        Map.of(PolicyOwnership.LABEL, objects.policy().policy().name()));
    }

    private List<GenericKubernetesResource> ours(List<GenericKubernetesResource> found, Look look) {
        return look == Look.THOROUGH
                ? found.stream()
                        .filter(object ->
                                objects.mayBeNamed(object.getMetadata().getName()))
                        .filter(object -> objects.policy().of(object) != Claim.FOREIGN)
                        .toList()
                : found;
    }

    private Optional<Failure> attempt(Consumer<Context> work) {
        try {
            work.accept(sites.at(place.cluster()));
            return Optional.empty();
        } catch (Stop stop) {
            return Optional.of(new Failure(place, stop.reason, stop.sentence(), false));
        } catch (OpenCraneException e) {
            boolean away = !place.cluster().isEmpty();
            if (LostRace.is(e) || Stop.cannotExplain(e) && !away) {
                throw e;
            }
            boolean passes = e.isRetryable() || e.code() == ErrorCode.BEING_DELETED;
            return Optional.of(
                    new Failure(place, e.code().name(), Parent.describe(place) + ": " + e.getMessage(), passes));
        }
    }

    /** Newcomers first: a tenant whose object changes is in both for a moment, and never in none. */
    private void put(
            Context there,
            ObjectType type,
            Map<ObjectRef, GenericKubernetesResource> desired,
            List<GenericKubernetesResource> live,
            Sharing sharing) {
        Children here = children.in(there.applier());
        Map<ObjectRef, GenericKubernetesResource> listed = new LinkedHashMap<>();
        live.forEach(object -> listed.put(ObjectRef.of(object), object));
        // One that the list does not have may have lost the label that the list goes by.
        Map<ObjectRef, Optional<GenericKubernetesResource>> found = new LinkedHashMap<>();
        desired.keySet()
                .forEach(ref -> found.put(
                        ref,
                        Optional.ofNullable(listed.get(ref))
                                .or(() -> there.objects().get(ref))));
        for (boolean isNew : List.of(true, false)) {
            desired.forEach((ref, object) -> {
                Optional<GenericKubernetesResource> before = found.getOrDefault(ref, Optional.empty());
                if (before.isEmpty() == isNew) {
                    here.enforceWhole(ref, before, object);
                }
            });
        }
        for (GenericKubernetesResource left : left(there.objects(), type, desired, live)) {
            ObjectRef ref = ObjectRef.of(left);
            if (!desired.containsKey(ref)) {
                here.remove(ref, Optional.of(left), sharing);
            }
        }
    }

    /** By label; and where nothing is to be there, by name as well, because the label may have been taken away. */
    private List<GenericKubernetesResource> left(
            ObjectStore there,
            ObjectType type,
            Map<ObjectRef, GenericKubernetesResource> desired,
            List<GenericKubernetesResource> live) {
        ObjectRef first = objects.first(type, place.namespace());
        boolean isKnown =
                live.stream().anyMatch(object -> object.getMetadata().getName().equals(first.name()));
        if (!desired.isEmpty() || isKnown) {
            return live;
        }
        return Stream.concat(live.stream(), there.get(first).stream()).toList();
    }

    /** The CiliumNetworkPolicies, or empty where they are not served. Asked each time, because Cilium may come, and go, while we run. */
    static Optional<List<GenericKubernetesResource>> cilium(ObjectStore there, String namespace, Filter filter) {
        try {
            return Optional.of(ObjectReader.of(there).list(ObjectType.CILIUM_NETWORK_POLICY, namespace, filter));
        } catch (OpenCraneException e) {
            if (e.code() == ErrorCode.DEPENDENCY_NOT_CONFIGURED) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
