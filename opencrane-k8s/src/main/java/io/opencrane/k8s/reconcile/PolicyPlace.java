package io.opencrane.k8s.reconcile;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.tenant.Placement;
import io.opencrane.k8s.apply.Ownership.Sharing;
import io.opencrane.k8s.apply.PolicyOwnership;
import io.opencrane.k8s.blueprint.PolicyObjects;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectReader;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The network objects of one policy in one namespace of one cluster. */
final class PolicyPlace {
    private final Sites sites;
    private final Placement place;
    private final Children children;
    private final PolicyObjects objects;

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

    /** What came of a place; whether Cilium is there is not known when it failed. */
    record Outcome(boolean hasCilium, Optional<Failure> failure) {}

    /**
     * Makes the objects what they should be.
     *
     * @param tenants the names of the tenants there; for none everything goes
     * @param alone whether no other policy has this name, whose objects of the deployed platform might be there
     * @throws OpenCraneException if home cannot be reached, or somebody was faster
     */
    Outcome apply(Collection<String> tenants, boolean alone) {
        Sharing sharing = alone ? Sharing.NONE : Sharing.WITH_A_NAMESAKE;
        try {
            Context there = sites.at(place.cluster());
            Children here = children.in(there.applier());
            Filter ofThePolicy = Filter.labelled(
                    Map.of(PolicyOwnership.LABEL, objects.policy().policy().name()));
            List<GenericKubernetesResource> live =
                    ObjectReader.of(there.objects()).list(ObjectType.NETWORK_POLICY, place.namespace(), ofThePolicy);
            put(
                    there.objects(),
                    here,
                    ObjectType.NETWORK_POLICY,
                    objects.networkPolicies(place.namespace(), tenants),
                    live,
                    sharing);
            Optional<List<GenericKubernetesResource>> cilium = cilium(there.objects(), place.namespace(), ofThePolicy);
            if (cilium.isPresent()) {
                put(
                        there.objects(),
                        here,
                        ObjectType.CILIUM_NETWORK_POLICY,
                        objects.ciliumPolicies(place.namespace(), tenants),
                        cilium.get(),
                        sharing);
            }
            return new Outcome(cilium.isPresent(), Optional.empty());
        } catch (Stop stop) {
            return failed(stop.reason, stop.sentence(), false);
        } catch (OpenCraneException e) {
            boolean away = !place.cluster().isEmpty();
            if (LostRace.is(e) || Stop.cannotExplain(e) && !away) {
                throw e;
            }
            boolean passes = e.isRetryable() || e.code() == ErrorCode.BEING_DELETED;
            return failed(e.code().name(), Parent.describe(place) + ": " + e.getMessage(), passes);
        }
    }

    private Outcome failed(String code, String sentence, boolean passes) {
        return new Outcome(true, Optional.of(new Failure(place, code, sentence, passes)));
    }

    /** Newcomers first: a tenant whose object changes is in both for a moment, and never in none. */
    private void put(
            ObjectStore there,
            Children here,
            ObjectType type,
            Map<ObjectRef, GenericKubernetesResource> desired,
            List<GenericKubernetesResource> live,
            Sharing sharing) {
        Map<ObjectRef, Optional<GenericKubernetesResource>> found = new LinkedHashMap<>();
        desired.keySet().forEach(ref -> found.put(ref, there.get(ref)));
        for (boolean isNew : List.of(true, false)) {
            desired.forEach((ref, object) -> {
                Optional<GenericKubernetesResource> before = found.getOrDefault(ref, Optional.empty());
                if (before.isEmpty() == isNew) {
                    here.enforceWhole(ref, before, object);
                }
            });
        }
        for (GenericKubernetesResource left : left(there, type, desired, live)) {
            ObjectRef ref = ObjectType.known(left.getApiVersion(), left.getKind())
                    .orElseThrow()
                    .named(place.namespace(), left.getMetadata().getName());
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
