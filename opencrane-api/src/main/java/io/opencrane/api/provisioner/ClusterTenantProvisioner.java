package io.opencrane.api.provisioner;

import io.opencrane.api.error.OpenCraneException;

/**
 * Makes and removes what an isolation tier needs, for example a cluster of the customer's own. Implemented by vendors, called by the
 * reconciler of ClusterTenants; found by registration or by {@link java.util.ServiceLoader}. Its contract test is
 * {@code ClusterTenantProvisionerTck} of the testkit.
 *
 * <p><b>Idempotent.</b> The customer's name identifies what was made: every call may be repeated at any time, also after a call whose
 * answer was lost and by a process that knows nothing of the one before, and leads to one cluster, not two. Something that is there
 * already under that name and was made by this provisioner is a success; it is decided by reading it, not by the refusal of a create.
 *
 * <p><b>Asynchronous.</b> A call starts work and returns within seconds, however long the work takes; the caller comes back with the same
 * call until it is done, also after a restart, so that a later step needs no thread of the provisioner's.
 *
 * <p><b>Careful.</b> Absent is what the backend says is absent. When it cannot be read, nothing is made, changed or removed.
 *
 * <p><b>Failures.</b> What may pass is thrown, best as an {@link OpenCraneException} that is retryable, and the call comes again after a
 * back-off; what only a person can mend is answered as {@link Provisioning#failed}. A call that throws, hangs or answers nonsense is
 * contained: the customer's condition says so and its running tenants are untouched. Messages must not hold secrets.
 *
 * <p>Thread-safe: calls for different customers run at the same time, calls for one customer one after another in one process.
 */
public interface ClusterTenantProvisioner {
    /**
     * The name under which it is registered, recorded in a customer's {@code status.provisioner}. Stable across releases: whoever made a
     * cluster is asked about it ever after.
     *
     * @return 1 to 63 lower-case letters, digits and dashes, a letter or digit at both ends; not {@code opencrane}, which is built in
     */
    String id();

    /**
     * What it can do. Asked once, when it is registered.
     *
     * @return its capabilities
     */
    ProvisionerCapabilities capabilities();

    /**
     * Makes what a customer needs, or goes on doing so, or brings what is there to a changed request.
     *
     * @param request who, and what is wanted
     * @return how far it is
     */
    Provisioning provision(ProvisionRequest request);

    /**
     * How far a customer's provisioning is, or what became of it since. Changes nothing.
     *
     * @param request who
     * @return how it stands; {@link Provisioning#absent} only if the backend says that there is nothing
     */
    Provisioning status(StatusRequest request);

    /**
     * Removes what was made for a customer, what depends on something before that something. Asked again until it answers
     * {@link Provisioning#absent}.
     *
     * @param request who, and whether its data are to be kept
     * @return how far it is: in progress, failed, or absent when all is gone, or all but the data to be kept
     */
    Provisioning deprovision(DeprovisionRequest request);
}
