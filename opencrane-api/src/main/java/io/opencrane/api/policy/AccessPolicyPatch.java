package io.opencrane.api.policy;

/** A change to some parts of a policy's spec. */
public final class AccessPolicyPatch {
    private AccessPolicyPatch() {}
}
