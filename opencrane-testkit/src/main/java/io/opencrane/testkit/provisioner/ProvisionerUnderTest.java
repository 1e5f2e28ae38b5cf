package io.opencrane.testkit.provisioner;

import io.opencrane.api.clustertenant.ClusterTenantSpec;
import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.provisioner.ClusterTenantProvisioner;
import java.util.List;
import java.util.Set;

/**
 * A provisioner and the world it works on, for {@link ClusterTenantProvisionerTck}. The world is a fake or a test account of the vendor's;
 * {@link OutsideCalls} counts its calls and makes them fail. Called by one thread.
 */
public interface ProvisionerUnderTest extends AutoCloseable {
    /**
     * The provisioner of the process that runs now.
     *
     * @return the same one until {@link #restart}
     */
    ClusterTenantProvisioner provisioner();

    /** Ends the process and starts another: faults are taken away, and {@link #provisioner} is made anew and knows nothing but the world. */
    void restart();

    /**
     * What exists outside under the names of a customer's resources, whoever made it, without its data. Names hold the customer's name and
     * are otherwise the same for all.
     *
     * @param customer the customer's name
     * @return names in the order of creation; empty if there is nothing
     */
    List<String> resources(String customer);

    /**
     * The data that {@code retainState} keeps. What lost its content and was made anew has another name here, an identifier for example, else
     * the loss does not show.
     *
     * @param customer the customer's name
     * @return names, none of them among {@link #resources}; empty unless overridden, which is right for a provisioner that keeps nothing
     */
    default Set<String> stateOf(String customer) {
        return Set.of();
    }

    /**
     * The outside calls that the five methods below ask and tell, unless they are overridden.
     *
     * @return the same one always
     */
    OutsideCalls outside();

    /**
     * What the provisioner, or its backend, made and removed outside since the beginning.
     *
     * @return changes in their order, those that took effect only; reads are not among them
     */
    default List<OutsideChange> changes() {
        return outside().changes();
    }

    /**
     * How many outside calls the provisioner made since the beginning.
     *
     * @return reads and changes, those that failed too
     */
    default int calls() {
        return outside().calls();
    }

    /**
     * Makes one outside call fail.
     *
     * @param number which call from now, from 1
     * @param fault how
     */
    default void failCall(int number, OutsideFault fault) {
        outside().failCall(number, fault);
    }

    /** Makes every read fail as in an outage, until {@link #clearFaults}; changes would succeed. */
    default void failReads() {
        outside().failReads();
    }

    /** Takes all faults away. */
    default void clearFaults() {
        outside().clearFaults();
    }

    /** Lets work that runs outside finish, by moving a clock for example. Does nothing unless overridden. */
    default void settle() {}

    /**
     * Puts something of somebody else's where a resource of a customer would be. It is not a change of the provisioner's.
     *
     * @param customer the customer's name
     * @param resource the name as {@link #resources} tells it
     * @return whether it was possible; false unless overridden, which is right where names cannot clash
     */
    default boolean occupy(String customer, String resource) {
        return false;
    }

    /**
     * What customers want.
     *
     * @return a dedicated cluster unless overridden
     */
    default ClusterTenantSpec spec() {
        return ClusterTenantSpec.builder("TCK")
                .isolationTier(IsolationTier.DEDICATED_CLUSTER)
                .build();
    }

    /**
     * The secrets that the provisioner works with, tokens and kubeconfigs for example; none may be told.
     *
     * @return raw texts; none unless overridden
     */
    default Set<String> secrets() {
        return Set.of();
    }

    /** Ends it after a case. Does nothing unless overridden. */
    @Override
    default void close() {}
}
