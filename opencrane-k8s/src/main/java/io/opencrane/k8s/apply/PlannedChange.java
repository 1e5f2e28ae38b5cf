package io.opencrane.k8s.apply;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.k8s.object.ObjectStore.Force;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A change that was found necessary and can be carried out by {@link Applier#execute}. Immutable; prints no object. */
public final class PlannedChange {
    private final ChildChange change;
    private final @Nullable GenericKubernetesResource desired;
    private final @Nullable GenericKubernetesResource live;
    private final Owner owner;
    private final boolean once;
    private final Force force;
    private final boolean whole;

    PlannedChange(
            ChildChange change,
            @Nullable GenericKubernetesResource desired,
            @Nullable GenericKubernetesResource live,
            Owner owner,
            boolean once) {
        this(change, desired, live, owner, once, Force.NO, false);
    }

    private PlannedChange(
            ChildChange change,
            @Nullable GenericKubernetesResource desired,
            @Nullable GenericKubernetesResource live,
            Owner owner,
            boolean once,
            Force force,
            boolean whole) {
        this.change = change;
        this.desired = desired;
        this.live = live;
        this.owner = owner;
        this.once = once;
        this.force = force;
        this.whole = whole;
    }

    /**
     * The same change, carried out whoever else owns the fields. For what isolates customers from one another, and for nothing else.
     *
     * @return a copy
     */
    public PlannedChange byForce() {
        return new PlannedChange(change, desired, live, owner, once, Force.YES, whole);
    }

    /** The same, found by looking also for what others added to the spec. */
    PlannedChange whole(ChildChange found) {
        return new PlannedChange(found, desired, live, owner, once, force, true);
    }

    /**
     * What is to be done.
     *
     * @return the change
     */
    public ChildChange change() {
        return change;
    }

    /**
     * The sentence that says that this change does not last. It is the same for the same change, so that a status that holds it already
     * tells that it was tried.
     *
     * @return the sentence; holds no value
     */
    public String notConverging() {
        // Sorted: the sentence is what is remembered, and the order of fields may be another one after a restart.
        List<FieldChange> fields = change.fields().stream()
                .sorted(Comparator.comparing(FieldChange::path))
                .toList();
        return "Applies to " + change.ref() + " do not last: something rewrites " + fields
                + ". Find out who does, or ask for a reconcile to have it tried again (desired "
                + Integer.toHexString(Objects.hashCode(desired)) + ").";
    }

    GenericKubernetesResource desired() {
        return Objects.requireNonNull(desired, "a change that writes has something to write");
    }

    GenericKubernetesResource live() {
        return Objects.requireNonNull(live, "a change to an object has an object");
    }

    Owner owner() {
        return owner;
    }

    Force force() {
        return force;
    }

    /** Whether nothing but what is desired may be in its spec. */
    boolean isWhole() {
        return whole;
    }

    /** Whether it is created by POST and never changed. */
    boolean isOnce() {
        return once;
    }

    @Override
    public String toString() {
        return change.toString();
    }
}
