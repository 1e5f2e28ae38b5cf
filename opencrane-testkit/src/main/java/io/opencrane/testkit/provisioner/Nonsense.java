package io.opencrane.testkit.provisioner;

import io.opencrane.api.clustertenant.SecretKeyRef;
import io.opencrane.api.provisioner.Provisioning;
import io.opencrane.api.provisioner.Provisioning.State;
import java.time.Duration;

/** What no provisioner may answer, for tests of those who ask. */
public enum Nonsense {
    /** Null. */
    NOTHING,
    /** Absent to a provision and to a status, ready to a deprovision. */
    SENSELESS_STATE,
    /** Ready, without saying where the kubeconfig is. */
    READY_WITHOUT_KUBECONFIG,
    /** Ready, with a kubeconfig that is no reference to a Secret. */
    KUBECONFIG_THAT_IS_NO_REFERENCE,
    /** In progress, with a message of 100,000 characters and control characters in it. */
    OVERSIZED_MESSAGE,
    /** In progress, with a credential in the message. */
    CREDENTIAL_IN_MESSAGE,
    /** In progress, with an operation that is no name. */
    SENSELESS_OPERATION,
    /** In progress, to be asked again in a negative time. */
    NEGATIVE_DELAY,
    /** In progress, to be asked again in a thousand years. */
    ENDLESS_DELAY;

    /** The credential of {@link #CREDENTIAL_IN_MESSAGE}, to look for where it must not be. */
    public static final String CREDENTIAL = "hunter2-of-the-fake-provisioner";

    // Null is what a careless vendor's code answers; no annotation keeps it from that.
    @SuppressWarnings("NullAway")
    Provisioning answer(FakeCall.Kind question) {
        Provisioning working = Provisioning.inProgress("op-1");
        return switch (this) {
            case NOTHING -> null;
            case SENSELESS_STATE ->
                question == FakeCall.Kind.DEPROVISION
                        ? Provisioning.ready(new SecretKeyRef("opencrane-system", "nonsense", "kubeconfig"))
                        : Provisioning.absent();
            case READY_WITHOUT_KUBECONFIG -> new Provisioning(State.READY, null, null, null, null, null);
            case KUBECONFIG_THAT_IS_NO_REFERENCE ->
                Provisioning.ready(new SecretKeyRef("opencrane-system", "apiVersion: v1\nkind: Config", "kubeconfig"));
            case OVERSIZED_MESSAGE -> working.withMessage("a\u0000b\n".repeat(25_000));
            case CREDENTIAL_IN_MESSAGE -> working.withMessage("Log in with password=" + CREDENTIAL);
            case SENSELESS_OPERATION -> Provisioning.inProgress("no name\n");
            case NEGATIVE_DELAY -> working.askAgainAfter(Duration.ofHours(-1));
            case ENDLESS_DELAY -> working.askAgainAfter(Duration.ofDays(365_000));
        };
    }
}
