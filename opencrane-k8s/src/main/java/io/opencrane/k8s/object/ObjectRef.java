package io.opencrane.k8s.object;

/**
 * Names one object.
 *
 * @param type its type
 * @param namespace its namespace; empty for a cluster-scoped type
 * @param name its name
 */
public record ObjectRef(ObjectType type, String namespace, String name) {
    /** Refuses a namespace on a cluster-scoped type and its absence on a namespaced one. */
    public ObjectRef {
        if (name.isEmpty() || type.isNamespaced() == namespace.isEmpty()) {
            throw new IllegalArgumentException(type.kind() + " needs a name"
                    + (type.isNamespaced() ? " and a namespace." : " and no namespace; it is cluster-scoped."));
        }
    }

    /**
     * Reads like {@code Deployment opencrane/openclaw-acme}.
     *
     * @return kind, namespace and name
     */
    @Override
    public String toString() {
        return type.kind() + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
    }
}
