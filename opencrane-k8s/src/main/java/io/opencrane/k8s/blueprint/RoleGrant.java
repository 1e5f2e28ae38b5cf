package io.opencrane.k8s.blueprint;

import java.util.List;
import java.util.Objects;

/**
 * Lets subjects work in a customer's namespace.
 *
 * @param clusterRole the ClusterRole that is granted there
 * @param subjects to whom, at least one
 * @see <a href="https://kubernetes.io/docs/reference/access-authn-authz/rbac/">RBAC</a>
 */
public record RoleGrant(String clusterRole, List<Subject> subjects) {
    /** Copies the subjects; refuses an empty role and no subjects. */
    public RoleGrant {
        subjects = List.copyOf(subjects);
        if (clusterRole.isEmpty() || subjects.isEmpty()) {
            throw new IllegalArgumentException("A grant needs a ClusterRole and at least one subject.");
        }
    }

    /**
     * Who gets a role.
     *
     * @param kind what it is
     * @param namespace the namespace of a ServiceAccount; empty otherwise
     * @param name its name
     */
    public record Subject(Kind kind, String namespace, String name) {
        /** Refuses a missing part. */
        public Subject {
            Objects.requireNonNull(kind, "kind");
            if (name.isEmpty() || namespace.isEmpty() == (kind == Kind.SERVICE_ACCOUNT)) {
                throw new IllegalArgumentException("A subject needs a name, and a ServiceAccount alone a namespace.");
            }
        }

        /**
         * A ServiceAccount.
         *
         * @param namespace its namespace
         * @param name its name
         * @return the subject
         */
        public static Subject serviceAccount(String namespace, String name) {
            return new Subject(Kind.SERVICE_ACCOUNT, namespace, name);
        }

        /**
         * A group of users.
         *
         * @param name its name
         * @return the subject
         */
        public static Subject group(String name) {
            return new Subject(Kind.GROUP, "", name);
        }

        /**
         * A user.
         *
         * @param name its name
         * @return the subject
         */
        public static Subject user(String name) {
            return new Subject(Kind.USER, "", name);
        }
    }

    /** What a subject is. */
    public enum Kind {
        /** A ServiceAccount. */
        SERVICE_ACCOUNT("ServiceAccount"),
        /** A group of users. */
        GROUP("Group"),
        /** A user. */
        USER("User");

        private final String wireName;

        Kind(String wireName) {
            this.wireName = wireName;
        }

        String wireName() {
            return wireName;
        }
    }
}
