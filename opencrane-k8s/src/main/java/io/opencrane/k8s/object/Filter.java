package io.opencrane.k8s.object;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Map;

/**
 * Which objects of a type a list is about. The server filters, and a name works across namespaces.
 *
 * @param labels labels that all must have
 * @param name the name that all must have; empty for any
 */
public record Filter(Map<String, String> labels, String name) {
    private static final Filter ALL = new Filter(Map.of(), "");

    /** Copies the labels. */
    public Filter {
        labels = Map.copyOf(labels);
    }

    /**
     * Every object.
     *
     * @return no filter
     */
    public static Filter all() {
        return ALL;
    }

    /**
     * Objects with these labels.
     *
     * @param labels labels that all must have
     * @return the filter
     */
    public static Filter labelled(Map<String, String> labels) {
        return new Filter(labels, "");
    }

    /**
     * Objects of one name, in whatever namespace.
     *
     * @param name the name
     * @return the filter
     */
    public static Filter named(String name) {
        return new Filter(Map.of(), name);
    }

    /**
     * Whether an object passes.
     *
     * @param object an object
     * @return true if it has the name and every label
     */
    public boolean matches(GenericKubernetesResource object) {
        Map<String, String> has = object.getMetadata().getLabels();
        return (name.isEmpty() || name.equals(object.getMetadata().getName()))
                && labels.entrySet().stream()
                        .allMatch(label -> has != null && label.getValue().equals(has.get(label.getKey())));
    }
}
