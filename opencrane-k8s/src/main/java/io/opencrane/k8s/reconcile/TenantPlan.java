package io.opencrane.k8s.reconcile;

import io.opencrane.api.tenant.TenantId;
import io.opencrane.k8s.apply.ChildChange;
import io.opencrane.k8s.apply.ChildChange.Action;
import io.opencrane.k8s.apply.FieldChange;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a reconcile of one tenant would do now. Immutable; nothing was written to find it out. */
public final class TenantPlan {
    private final TenantId tenant;
    private final List<ChildChange> children;
    private final @Nullable String reason;
    private final @Nullable String obstacle;

    TenantPlan(TenantId tenant, List<ChildChange> children, @Nullable String reason, @Nullable String obstacle) {
        this.tenant = tenant;
        this.children = List.copyOf(children);
        this.reason = reason;
        this.obstacle = obstacle;
    }

    /**
     * The tenant it is about.
     *
     * @return the tenant
     */
    public TenantId tenant() {
        return tenant;
    }

    /**
     * What would become of each child, in the order of contract §4; unchanged ones included. With an {@link #obstacle} the list ends
     * where the reconcile would.
     *
     * @return the children
     */
    public List<ChildChange> children() {
        return children;
    }

    /**
     * Whether a reconcile would write no child.
     *
     * @return true if every child is as desired
     */
    public boolean isUnchanged() {
        return children.stream().allMatch(child -> child.action() == Action.UNCHANGED);
    }

    /**
     * The children whose apply the server would refuse, because another field manager holds a field.
     *
     * @return the children; the owner is in {@link ChildChange#conflict()}
     */
    public List<ChildChange> conflicts() {
        return children.stream().filter(child -> child.conflict().isPresent()).toList();
    }

    /**
     * Why a reconcile would stop early, as the tenant's status would say it.
     *
     * @return a sentence, or empty if nothing is in the way
     */
    public Optional<String> obstacle() {
        return Optional.ofNullable(obstacle);
    }

    /**
     * The reason that the Ready condition would give for the {@link #obstacle}.
     *
     * @return for example {@code PolicyNotFound} or {@code HOST_TAKEN}
     */
    public Optional<String> reason() {
        return Optional.ofNullable(reason);
    }

    /**
     * For people: a line for each child and each field, with values shortened.
     *
     * @return several lines; no value of a Secret
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Tenant ").append(tenant);
        for (ChildChange child : children) {
            text.append("\n  ").append(child.action()).append(' ').append(child.ref());
            child.fields().forEach(field -> text.append("\n    ").append(line(field)));
        }
        if (obstacle != null) {
            text.append("\n  stops: ").append(reason).append(": ").append(obstacle);
        }
        return text.toString();
    }

    private static String line(FieldChange field) {
        return field + ": " + shortened(field.before()) + " -> " + shortened(field.after());
    }

    private static String shortened(@Nullable String value) {
        int most = 60;
        if (value == null) {
            return "nothing";
        }
        return value.length() <= most ? value : value.substring(0, most) + "...";
    }
}
