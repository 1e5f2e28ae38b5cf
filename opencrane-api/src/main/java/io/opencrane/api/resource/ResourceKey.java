package io.opencrane.api.resource;

import java.util.Objects;

/**
 * Names one object of ours.
 *
 * @param kind its kind
 * @param namespace its namespace; empty for a cluster-scoped kind
 * @param name its name
 */
public record ResourceKey(ResourceKind kind, String namespace, String name) {
    /** Refuses a namespace on a cluster-scoped kind and its absence on a namespaced one. */
    public ResourceKey {
        Objects.requireNonNull(kind, "kind");
        if (name.isEmpty() || kind.isNamespaced() == namespace.isEmpty()) {
            throw new IllegalArgumentException(kind.kind() + " needs a name"
                    + (kind.isNamespaced() ? " and a namespace." : " and no namespace; it is cluster-scoped."));
        }
    }

    /**
     * Reads like {@code Tenant opencrane/acme}: the subject of messages and log lines.
     *
     * @return kind, namespace and name
     */
    @Override
    public String toString() {
        return kind.kind() + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
    }
}
