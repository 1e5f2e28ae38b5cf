package io.opencrane.core.clustertenant;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantChange;
import io.opencrane.api.clustertenant.ClusterTenantDeletion;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.OpenCraneException.Retry;
import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.resource.ResourceKey;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantService;
import io.opencrane.core.port.ResourceStore;
import io.opencrane.core.resource.ResourceChanges;
import io.opencrane.core.tenant.NamedTenants;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Deletes a customer: first its tenants, if they go too, then the wish that state goes with it, then the custom resource. The wish comes
 * before the deletion, because a platform that is quick would otherwise have kept the state already; cut off in between, the wish stands
 * on a customer that lives, and the next deletion that does not purge takes it back.
 */
final class ClusterTenantRemoval {
    private static final String ACTION = "cluster-tenant.delete";
    private static final int ATTEMPTS = 5;

    private final ResourceStore store;
    private final ResourceChanges<ClusterTenant> changes;
    private final TenantService tenants;
    private final ClusterTenantProjection projected;

    ClusterTenantRemoval(
            ResourceStore store,
            ResourceChanges<ClusterTenant> changes,
            TenantService tenants,
            ClusterTenantProjection projected) {
        this.store = store;
        this.changes = changes;
        this.tenants = tenants;
        this.projected = projected;
    }

    ClusterTenantChange delete(ResourceKey key, ClusterTenantDeletion how) {
        requireTypedName(key, how);
        ClusterTenant first = changes.get(key);
        int deleted = detach(first, how);
        ClusterTenant customer = first;
        for (int attempt = 1; ; attempt++) {
            try {
                ClusterTenant marked = mark(customer, how);
                if (!marked.metadata().isBeingDeleted()) {
                    store.delete(marked);
                }
                return projected.changed(
                        marked,
                        ACTION,
                        "deleted",
                        Map.of("tenants", deleted, "purge", CustomerPurge.isConfirmed(marked)));
            } catch (OpenCraneException e) {
                if (e.code() != ErrorCode.CONFLICT) {
                    throw e;
                }
                customer = again(first, attempt, e);
            }
        }
    }

    private static void requireTypedName(ResourceKey key, ClusterTenantDeletion how) {
        if (how.typedName().filter(typed -> !typed.equals(key.name())).isPresent()) {
            throw new ValidationException(
                    key.toString(),
                    List.of(
                            new Problem(
                                    "typedName",
                                    Problem.Code.CONTRADICTION,
                                    "Type the customer's name to delete the state of its tenants for ever; nothing was deleted.")));
        }
    }

    /** Only ever the customer that was meant: one that was made anew meanwhile is somebody else's. */
    private ClusterTenant again(ClusterTenant first, int attempt, OpenCraneException cause) {
        ClusterTenant now = changes.get(first.key());
        boolean sameOne = now.metadata().uid().equals(first.metadata().uid());
        if (!sameOne || attempt == ATTEMPTS) {
            throw new OpenCraneException(
                    ErrorCode.CONFLICT,
                    first.key().toString(),
                    sameOne
                            ? "Somebody else kept changing the customer; delete it again."
                            : "The customer is gone, and another one of its name was made meanwhile; it was left alone.",
                    sameOne ? Retry.MAY_HELP : Retry.POINTLESS,
                    cause);
        }
        return now;
    }

    private ClusterTenant mark(ClusterTenant customer, ClusterTenantDeletion how) {
        boolean isConfirmed = CustomerPurge.isConfirmed(customer);
        if (how.typedName().isPresent()) {
            return isConfirmed ? customer : store.patch(customer, CustomerPurge.confirmed(customer));
        }
        // Once it is on its way out, a wish that somebody typed is not taken back by a repeated call.
        boolean isLeftBehind = isConfirmed && !customer.metadata().isBeingDeleted();
        return isLeftBehind ? store.patch(customer, CustomerPurge.withdrawn(customer)) : customer;
    }

    /** How many tenants it deleted. */
    private int detach(ClusterTenant customer, ClusterTenantDeletion how) {
        List<TenantId> named = new ArrayList<>();
        List<TenantId> moving = new ArrayList<>();
        AttachedTenants.forEach(store, customer, tenant -> (names(tenant, customer) ? named : moving).add(tenant.id()));
        requireMoved(customer, moving);
        if (!how.includesTenants() && !named.isEmpty()) {
            throw inUse(customer, named, "move or delete them first, or delete the customer with its tenants.");
        }
        if (!how.includesTenants()) {
            return 0;
        }
        // Of a tenant that a deletion took before it was cut off only the row is left.
        Set<TenantId> all = new LinkedHashSet<>(named);
        all.addAll(projected.rowsNaming(customer.key(), ACTION));
        int deleted = 0;
        for (TenantId id : all) {
            // Read again, because a long list is old at its end.
            Optional<Tenant> other = tenants.find(id).filter(tenant -> !names(tenant, customer));
            if (other.isEmpty()) {
                deleted += delete(id) ? 1 : 0;
            } else if (AttachedTenants.isAttached(other.get(), customer)) {
                moving.add(id);
            }
        }
        requireMoved(customer, moving);
        return deleted;
    }

    private static void requireMoved(ClusterTenant customer, List<TenantId> moving) {
        if (!moving.isEmpty()) {
            throw inUse(
                    customer,
                    moving,
                    "their children are still with it although they name another customer or none; wait until they have"
                            + " moved.");
        }
    }

    /** False if there was none. */
    private boolean delete(TenantId id) {
        try {
            tenants.delete(id);
            return true;
        } catch (OpenCraneException e) {
            if (e.code() != ErrorCode.TENANT_NOT_FOUND) {
                throw e;
            }
            return false;
        }
    }

    private static boolean names(Tenant tenant, ClusterTenant customer) {
        return customer.metadata().name().equals(tenant.spec().clusterTenantRef());
    }

    private static OpenCraneException inUse(ClusterTenant customer, List<TenantId> by, String whatToDo) {
        return new OpenCraneException(
                ErrorCode.IN_USE,
                customer.key().toString(),
                "Tenants are attached: " + NamedTenants.of(by) + "; " + whatToDo);
    }
}
