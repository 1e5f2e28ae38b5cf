package io.opencrane.k8s.reconcile;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.opencrane.api.clustertenant.ClusterTenantSpec;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.k8s.apply.Applier;
import io.opencrane.k8s.apply.CustomerOwnership;
import io.opencrane.k8s.apply.Ownership.Claim;
import io.opencrane.k8s.apply.Ownership.Sharing;
import io.opencrane.k8s.blueprint.CustomerBlueprint;
import io.opencrane.k8s.blueprint.CustomerChildren;
import io.opencrane.k8s.blueprint.RoleGrant;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectReader;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A customer's namespace in one cluster, and what is in force there (contract §3). Everything is read and compared before it is written,
 * so a namespace that is as it should be costs no write.
 */
final class CustomerNamespace {
    private final ObjectStore objects;
    private final Children children;
    private final CustomerChildren names;
    private final CustomerBlueprint blueprint;
    private final CustomerOwnership owner;
    private final CustomerRules rules;

    CustomerNamespace(ObjectStore objects, Children children, CustomerChildren names, CustomerRules rules) {
        this.objects = objects;
        this.children = children;
        this.names = names;
        this.blueprint = new CustomerBlueprint(names);
        this.owner = new CustomerOwnership(names.customer());
        this.rules = rules;
    }

    /** The limits come before the quota, which refuses pods without requests; the last one is the word that tenants may come. */
    void bring(ClusterTenantSpec spec) {
        namespace();
        enforce(names.limits(), blueprint.limits());
        Optional<GenericKubernetesResource> quota =
                blueprint.quota(spec.resources().quota());
        if (quota.isPresent()) {
            enforce(names.quota(), quota.get());
        } else {
            remove(names.quota());
        }
        policies();
        access(rules.access().of(names.customer(), spec));
        enforce(names.parent(), blueprint.parent(ParentFile.write(names, spec)));
    }

    /** Made by POST, which cannot take over one that exists: only its label tells whose a namespace is. */
    private void namespace() {
        ObjectRef ref = names.boundNamespace();
        GenericKubernetesResource desired = blueprint.namespace(null);
        Optional<GenericKubernetesResource> live = objects.get(ref);
        if (live.isEmpty()) {
            children.applyOnce(ref, live, desired);
            live = objects.get(ref);
        }
        live.ifPresent(found -> requireUsable(ref, found));
        children.enforce(ref, live, desired);
    }

    private void requireUsable(ObjectRef ref, GenericKubernetesResource live) {
        Applier.requireNotForeign(ref, live, owner);
        if (live.getMetadata().getDeletionTimestamp() != null) {
            throw new OpenCraneException(
                    ErrorCode.BEING_DELETED,
                    ref.toString(),
                    "It is on its way out; it is made anew when it is gone.",
                    OpenCraneException.Retry.MAY_HELP,
                    null);
        }
    }

    private void policies() {
        Set<String> kept = new HashSet<>();
        for (GenericKubernetesResource policy : rules.baseline().policies(names.customer(), names.namespace())) {
            String name = policy.getMetadata().getName();
            kept.add(name);
            ObjectRef ref = ObjectType.NETWORK_POLICY.named(names.namespace(), name);
            children.enforceWhole(ref, objects.get(ref), ofTheCustomer(policy));
        }
        removePoliciesBut(kept);
    }

    /** A copy: the host may hand the same object over for every customer, and they are reconciled at the same time. */
    private GenericKubernetesResource ofTheCustomer(GenericKubernetesResource policy) {
        GenericKubernetesResource desired = new GenericKubernetesResource();
        desired.setApiVersion(policy.getApiVersion());
        desired.setKind(policy.getKind());
        desired.setMetadata(new ObjectMetaBuilder()
                .withNamespace(names.namespace())
                .withName(policy.getMetadata().getName())
                .withLabels(owner.labels())
                .build());
        desired.setAdditionalProperties(policy.getAdditionalProperties());
        return desired;
    }

    private void removePoliciesBut(Set<String> kept) {
        Filter ofTheCustomer = Filter.labelled(Map.of(CustomerOwnership.LABEL, names.customer()));
        for (GenericKubernetesResource live :
                ObjectReader.of(objects).list(ObjectType.NETWORK_POLICY, names.namespace(), ofTheCustomer)) {
            String name = live.getMetadata().getName();
            if (!kept.contains(name)) {
                ObjectRef ref = ObjectType.NETWORK_POLICY.named(names.namespace(), name);
                children.remove(ref, Optional.of(live), Sharing.NONE);
            }
        }
    }

    /** A role cannot be exchanged in a binding (Kubernetes, RBAC), so the binding is. */
    private void access(Optional<RoleGrant> grant) {
        Optional<GenericKubernetesResource> live = objects.get(names.access());
        Optional<GenericKubernetesResource> desired = grant.map(blueprint::access);
        boolean stays =
                live.isPresent() && desired.isPresent() && Objects.equals(roleOf(live.get()), roleOf(desired.get()));
        if (!stays) {
            children.remove(names.access(), live, Sharing.NONE);
            live = live.filter(there -> owner.of(there) == Claim.FOREIGN);
        }
        if (desired.isPresent()) {
            children.enforce(names.access(), live, desired.get());
        }
    }

    private static Map<String, Object> roleOf(GenericKubernetesResource binding) {
        return Objects.requireNonNullElse(binding.<Map<String, Object>>get("roleRef"), Map.of());
    }

    /** Instances that find the customer in its namespace take nobody in from now on; tells whether they did until now. */
    boolean close() {
        Optional<GenericKubernetesResource> parent = objects.get(names.parent());
        children.remove(names.parent(), parent, Sharing.NONE);
        return parent.isPresent();
    }

    /**
     * Takes everything out of force, the last one first, and lets the namespace go unless there is state in it (DECISIONS 26).
     *
     * @param remains what of the customer's is in the namespace
     * @param retain whether state is to be kept
     * @param now the annotation's value, if the namespace stays
     */
    Removal remove(CustomerRemains remains, boolean retain, String now) {
        ObjectRef ref = names.boundNamespace();
        Optional<GenericKubernetesResource> found = objects.get(ref);
        if (found.filter(live -> owner.of(live) != Claim.FOREIGN).isEmpty()) {
            return Removal.GONE;
        }
        GenericKubernetesResource live = found.get();
        if (live.getMetadata().getDeletionTimestamp() != null) {
            return Removal.GOING;
        }
        requireNoResidents(remains);
        remains.workload().forEach(left -> objects.delete(left.ref(), left.uid()));
        List.of(names.parent(), names.access()).forEach(this::remove);
        removePoliciesBut(Set.of());
        List.of(names.quota(), names.limits()).forEach(this::remove);
        if (retain && remains.hasState()) {
            Map<String, String> annotations =
                    Objects.requireNonNullElse(live.getMetadata().getAnnotations(), Map.of());
            String since = annotations.getOrDefault(CustomerBlueprint.RETAINED_SINCE, now);
            children.enforce(ref, found, blueprint.namespace(since));
            return Removal.RETAINED;
        }
        children.remove(ref, found, Sharing.NONE);
        return Removal.GOING;
    }

    /** A namespace takes the custom resources in it along, and the tenants of others with them. */
    private void requireNoResidents(CustomerRemains remains) {
        if (!remains.residents().isEmpty()) {
            throw Stop.waiting(
                    ErrorCode.IN_USE.name(),
                    "Tenants are registered in namespace " + names.namespace() + ": "
                            + String.join(", ", remains.residents())
                            + "; delete them, or create them anew in another namespace.");
        }
    }

    /** How far a removal is. */
    enum Removal {
        /** There is nothing of the customer's. */
        GONE,
        /** The namespace ends. */
        GOING,
        /** The namespace stays, for the state in it and for nothing else. */
        RETAINED
    }

    private void enforce(ObjectRef ref, GenericKubernetesResource desired) {
        children.enforce(ref, objects.get(ref), desired);
    }

    private void remove(ObjectRef ref) {
        children.remove(ref, objects.get(ref), Sharing.NONE);
    }
}
