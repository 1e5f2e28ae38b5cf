package io.opencrane.k8s.apply;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.k8s.apply.Ownership.Claim;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Whose an object is, seen from an instance: what belongs to all its tenants in a namespace and to none of them. Two instances may have
 * tenants in one namespace, so the annotation names the instance's home.
 *
 * @param home the install namespace
 */
public record InstallOwnership(String home) implements Owner {
    /** The annotation that names the install namespace. */
    public static final String ANNOTATION = "opencrane.io/install-namespace";

    private static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    private static final String OPERATOR = "opencrane-operator";

    /** The labels of everything of ours, and one more. */
    static Map<String, String> labelled(String key, String value) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("app.kubernetes.io/part-of", "opencrane");
        labels.put(MANAGED_BY, OPERATOR);
        labels.put(key, value);
        return labels;
    }

    /** Whether the labels are those of an operator of OpenCrane, this one or the deployed platform's. */
    static boolean isManaged(Map<String, String> labels) {
        return OPERATOR.equals(labels.get(MANAGED_BY));
    }

    /**
     * The labels of every such object.
     *
     * @return part-of, managed-by and the component that it is for
     */
    public Map<String, String> labels() {
        return labelled("app.kubernetes.io/component", "network");
    }

    /**
     * The annotations of every such object.
     *
     * @return the install namespace
     */
    public Map<String, String> annotations() {
        return Map.of(ANNOTATION, home);
    }

    @Override
    public Claim of(GenericKubernetesResource object) {
        Map<String, String> annotations =
                Objects.requireNonNullElse(object.getMetadata().getAnnotations(), Map.of());
        String install = annotations.get(ANNOTATION);
        boolean lostIt = install == null && CustomerOwnership.wasApplied(object);
        return home.equals(install) || lostIt ? Claim.OURS : Claim.FOREIGN;
    }

    @Override
    public String title() {
        return "The install in namespace " + home;
    }
}
