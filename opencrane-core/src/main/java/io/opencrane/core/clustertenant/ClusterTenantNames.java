package io.opencrane.core.clustertenant;

/** The names that follow from a customer's (contract §3, DECISIONS 10). */
public final class ClusterTenantNames {
    /** The longest name whose namespace still has a valid one. */
    public static final int MAX_LENGTH = 53;

    private static final String PREFIX = "opencrane-";

    private ClusterTenantNames() {}

    /**
     * The namespace of a customer's tenants, unless its provisioner names another.
     *
     * @param name the customer's name
     * @return {@code opencrane-<name>}
     */
    public static String boundNamespace(String name) {
        return PREFIX + name;
    }
}
