package io.opencrane.api.budget;

import java.util.Objects;

/**
 * Whose tenants share a ceiling (DECISIONS 35): everybody's, one customer's, or those of the install that belong to no customer.
 *
 * @param kind which of the three
 * @param clusterTenant the customer's name; empty for the other two
 */
public record BudgetAccount(Kind kind, String clusterTenant) {
    /** The three kinds of accounts. */
    public enum Kind {
        /** Every tenant of the instance. */
        GLOBAL,
        /** The tenants of one ClusterTenant. */
        CLUSTER_TENANT,
        /** The tenants without a ClusterTenant. */
        INSTALL
    }

    /**
     * Refuses a customer without a name, and a name without a customer.
     *
     * @throws IllegalArgumentException if so
     */
    public BudgetAccount {
        Objects.requireNonNull(kind, "kind");
        if ((kind == Kind.CLUSTER_TENANT) == clusterTenant.isBlank()) {
            throw new IllegalArgumentException("A budget account has a name if, and only if, it is a ClusterTenant's.");
        }
    }

    /**
     * Every tenant of the instance.
     *
     * @return the account
     */
    public static BudgetAccount global() {
        return new BudgetAccount(Kind.GLOBAL, "");
    }

    /**
     * The tenants of one customer.
     *
     * @param name the ClusterTenant's name, not blank
     * @return the account
     * @throws IllegalArgumentException if the name is blank
     */
    public static BudgetAccount clusterTenant(String name) {
        return new BudgetAccount(Kind.CLUSTER_TENANT, name);
    }

    /**
     * The tenants without a customer.
     *
     * @return the account
     */
    public static BudgetAccount install() {
        return new BudgetAccount(Kind.INSTALL, "");
    }

    /**
     * For messages.
     *
     * @return for example {@code ClusterTenant gold}
     */
    @Override
    public String toString() {
        return switch (kind) {
            case GLOBAL -> "all tenants";
            case CLUSTER_TENANT -> "ClusterTenant " + clusterTenant;
            case INSTALL -> "tenants without a ClusterTenant";
        };
    }
}
