package io.opencrane.core;

import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The namespaces one OpenCrane instance works in (DECISIONS 11). Nothing outside is read or written, so two instances in one cluster
 * never meet. Immutable.
 */
public final class InstanceScope {
    private final String home;
    private final Set<String> namespaces;

    private InstanceScope(String home, Set<String> namespaces) {
        this.home = requireName(home);
        namespaces.forEach(InstanceScope::requireName);
        this.namespaces = namespaces;
    }

    /**
     * An instance in one namespace, the usual case.
     *
     * @param name the install namespace
     * @return the scope
     */
    public static InstanceScope namespace(String name) {
        return new InstanceScope(name, Set.of(name));
    }

    /**
     * An instance over several namespaces.
     *
     * @param home where custom resources are created when the caller names no namespace
     * @param others further namespaces
     * @return the scope
     */
    public static InstanceScope namespaces(String home, String... others) {
        Set<String> all = new LinkedHashSet<>(List.of(others));
        all.add(home);
        return new InstanceScope(home, Set.copyOf(all));
    }

    /**
     * Every namespace, which needs a ClusterRole: the platform of a cluster, which looks after ClusterTenants and sees all that is
     * attached to them, or the only instance of its cluster.
     *
     * @param home where custom resources are created when the caller names no namespace
     * @return the scope
     */
    public static InstanceScope wholeCluster(String home) {
        return new InstanceScope(home, Set.of());
    }

    private static String requireName(String namespace) {
        if (!namespace.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")) {
            throw new IllegalArgumentException(
                    "A scope needs namespace names: lower-case letters, digits and dashes, at most 63.");
        }
        return namespace;
    }

    /**
     * Where custom resources are created when the caller names no namespace.
     *
     * @return the install namespace
     */
    public String home() {
        return home;
    }

    /**
     * The namespaces watched, sorted by name.
     *
     * @return empty when it is the whole cluster
     */
    public List<String> namespaces() {
        return namespaces.stream().sorted().toList();
    }

    /**
     * Whether it is every namespace, as looking after ClusterTenants needs it (DECISIONS 11).
     *
     * @return true for {@link #wholeCluster}
     */
    public boolean isWholeCluster() {
        return namespaces.isEmpty();
    }

    /**
     * Whether a namespace belongs to this instance.
     *
     * @param namespace a namespace
     * @return true if it does
     */
    public boolean contains(String namespace) {
        return namespaces.isEmpty() || namespaces.contains(namespace);
    }

    /**
     * Refuses a namespace that does not belong to this instance.
     *
     * @param namespace a namespace
     * @throws ValidationException naming the scope
     */
    public void require(String namespace) {
        if (!contains(namespace)) {
            throw new ValidationException(
                    namespace,
                    List.of(new Problem(
                            "namespace",
                            Problem.Code.UNKNOWN,
                            "Namespace " + namespace + " is outside this instance's scope " + namespaces() + ".")));
        }
    }

    @Override
    public String toString() {
        return namespaces.isEmpty() ? "every namespace (home " + home + ")" : String.join(", ", namespaces());
    }
}
