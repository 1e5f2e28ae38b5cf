package io.opencrane.k8s.reconcile;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.k8s.apply.Applied;
import io.opencrane.k8s.apply.Applier;
import io.opencrane.k8s.apply.ChildChange;
import io.opencrane.k8s.apply.ChildChange.Action;
import io.opencrane.k8s.apply.NotConvergingException;
import io.opencrane.k8s.apply.Owner;
import io.opencrane.k8s.apply.Ownership.Sharing;
import io.opencrane.k8s.apply.PlannedChange;
import io.opencrane.k8s.object.ObjectRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The children of one tenant, or the objects of one customer, during one run. A plan and a reconcile walk the same way through them; only {@link Effect} tells whether a
 * change that was found is made, so a plan shows exactly what a reconcile does.
 */
final class Children {
    private static final String NOT_CONVERGING = "NotConverging";

    private final Applier applier;
    private final Owner owner;
    private final Conditions draft;
    private final String condition;
    private final Effect effect;
    private final boolean forced;
    private final Runnable beforeFirstWrite;
    private boolean sure;
    private final List<ChildChange> changes;

    /** Whether changes are made. */
    enum Effect {
        /** They are found and not made. */
        PLAN,
        /** They are found and made. */
        APPLY
    }

    Children(
            Applier applier,
            Owner owner,
            Conditions draft,
            String condition,
            Effect effect,
            boolean forced,
            Runnable beforeFirstWrite) {
        this.applier = applier;
        this.owner = owner;
        this.draft = draft;
        this.condition = condition;
        this.effect = effect;
        this.forced = forced;
        this.beforeFirstWrite = beforeFirstWrite;
        this.changes = new ArrayList<>();
    }

    private Children(Applier applier, Children same) {
        this.applier = applier;
        this.owner = same.owner;
        this.draft = same.draft;
        this.condition = same.condition;
        this.effect = same.effect;
        this.forced = same.forced;
        this.beforeFirstWrite = same::makeSure;
        this.changes = same.changes;
    }

    /** The same run's children in another cluster: one list of changes, one look at the owner before the first of them is made. */
    Children in(Applier other) {
        return new Children(other, this);
    }

    boolean isPlan() {
        return effect == Effect.PLAN;
    }

    /** No look at the owner is needed before the first write: it was just written itself. */
    void isSureOfTheOwner() {
        sure = true;
    }

    /** The object afterwards; empty when it is only planned to be made. */
    Optional<GenericKubernetesResource> apply(
            ObjectRef ref, Optional<GenericKubernetesResource> live, GenericKubernetesResource desired) {
        return make(applier.plan(ref, live, desired, owner)).or(() -> live);
    }

    /** As {@link #apply}, and fields that others have taken come back too: what isolates customers must not be negotiable. */
    void enforce(ObjectRef ref, Optional<GenericKubernetesResource> live, GenericKubernetesResource desired) {
        make(applier.plan(ref, live, desired, owner).byForce());
    }

    /** As {@link #enforce}, and what others added goes: see {@link Applier#planWhole}. */
    void enforceWhole(ObjectRef ref, Optional<GenericKubernetesResource> live, GenericKubernetesResource desired) {
        make(applier.planWhole(ref, live, desired, owner).byForce());
    }

    /** A second call for the same object does nothing: a move makes the state before the walk comes to it. */
    void applyOnce(ObjectRef ref, Optional<GenericKubernetesResource> live, GenericKubernetesResource desired) {
        boolean isDone = changes.stream().anyMatch(change -> change.ref().equals(ref));
        if (isDone) {
            return;
        }
        make(applier.planOnce(ref, live, desired, owner));
    }

    void remove(ObjectRef ref, Optional<GenericKubernetesResource> live, Sharing sharing) {
        applier.planRemoval(ref, live, owner, sharing).ifPresent(this::make);
    }

    void record(ChildChange change) {
        changes.add(change);
    }

    List<ChildChange> changes() {
        return List.copyOf(changes);
    }

    private Optional<GenericKubernetesResource> make(PlannedChange planned) {
        if (planned.change().action() == Action.UPDATE) {
            requireWorthIt(planned);
        }
        if (effect == Effect.PLAN) {
            changes.add(planned.change());
            return Optional.empty();
        }
        if (planned.change().action() != Action.UNCHANGED) {
            makeSure();
        }
        try {
            Applied applied = applier.execute(planned);
            changes.add(applied.change());
            return Optional.of(applied.object());
        } catch (NotConvergingException e) {
            throw notConverging(planned);
        }
    }

    private void makeSure() {
        if (!sure) {
            beforeFirstWrite.run();
            sure = true;
        }
    }

    /** A status that says already that this very change does not last stops it until somebody asks (DECISIONS 16). */
    private void requireWorthIt(PlannedChange planned) {
        if (forced && effect == Effect.APPLY) {
            applier.forget(planned.change().ref());
        } else if (!forced && draft.said(condition, NOT_CONVERGING, planned.notConverging())) {
            throw notConverging(planned);
        }
    }

    private Stop notConverging(PlannedChange planned) {
        draft.fails(condition, NOT_CONVERGING, planned.notConverging());
        return Stop.error(NOT_CONVERGING, planned.notConverging());
    }
}
