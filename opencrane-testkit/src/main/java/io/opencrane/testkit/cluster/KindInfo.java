package io.opencrane.testkit.cluster;

import io.opencrane.k8s.object.ObjectType;

/**
 * A kind the fake serves.
 *
 * @param type where it is
 * @param shape what its objects look like
 * @param isBuiltIn whether Kubernetes itself defines it
 */
record KindInfo(ObjectType type, Shape shape, boolean isBuiltIn) {
    /** How the server names the kind in lists and errors. */
    String name() {
        return type.apiVersion() + " " + type.kind();
    }
}
