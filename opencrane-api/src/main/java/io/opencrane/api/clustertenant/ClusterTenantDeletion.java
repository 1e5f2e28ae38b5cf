package io.opencrane.api.clustertenant;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a customer is deleted. Immutable.
 *
 * <pre>{@code
 * customers.delete("acme", ClusterTenantDeletion.careful());
 * customers.delete("acme", ClusterTenantDeletion.careful().withTenants().purging("acme"));
 * }</pre>
 */
public final class ClusterTenantDeletion {
    private static final ClusterTenantDeletion CAREFUL = new ClusterTenantDeletion(false, null);

    private final boolean includesTenants;
    private final @Nullable String typedName;

    private ClusterTenantDeletion(boolean includesTenants, @Nullable String typedName) {
        this.includesTenants = includesTenants;
        this.typedName = typedName;
    }

    /**
     * Refused while tenants are attached, and the state that deleted tenants left behind is kept.
     *
     * @return the careful way
     */
    public static ClusterTenantDeletion careful() {
        return CAREFUL;
    }

    /**
     * Deletes the tenants that name the customer first.
     *
     * @return the same, with the tenants
     */
    public ClusterTenantDeletion withTenants() {
        return new ClusterTenantDeletion(true, typedName);
    }

    /**
     * Deletes state volumes and encryption keys with it, for ever.
     *
     * @param name the customer's name once more, as a person typed it
     * @return the same, with the state
     */
    public ClusterTenantDeletion purging(String name) {
        return new ClusterTenantDeletion(includesTenants, name);
    }

    /**
     * Whether the tenants go too.
     *
     * @return true after {@link #withTenants}
     */
    public boolean includesTenants() {
        return includesTenants;
    }

    /**
     * The name that was typed to purge.
     *
     * @return the name, or empty when state is kept
     */
    public Optional<String> typedName() {
        return Optional.ofNullable(typedName);
    }
}
