package io.opencrane.samples.operator;

import io.opencrane.core.InstanceScope;
import java.util.List;
import java.util.Map;

/**
 * What this process needs to know beside the library's settings.
 *
 * @param installCrds whether to install the custom resource definitions first
 * @param healthPort where the health page listens
 * @param leaderElection whether several of these processes take turns
 * @param clusterTenants whether it looks after customers too
 * @param ingressControllerNamespace where the pods run that may reach every tenant's gateway
 */
record HostOptions(
        boolean installCrds,
        int healthPort,
        boolean leaderElection,
        boolean clusterTenants,
        String ingressControllerNamespace) {
    static HostOptions parse(List<String> arguments, Map<String, String> environment, InstanceScope scope) {
        boolean installCrds = arguments.equals(List.of("--install-crds"));
        if (!installCrds && !arguments.isEmpty()) {
            throw new IllegalArgumentException("usage: opencrane-operator [--install-crds]; the rest is environment.");
        }
        boolean clusterTenants = bool("CLUSTER_TENANTS", environment);
        if (clusterTenants && !scope.isWholeCluster()) {
            throw new IllegalArgumentException(
                    "CLUSTER_TENANTS=true looks after the customers of a whole cluster, whose"
                            + " tenants may be anywhere in it; leave WATCH_NAMESPACE empty, or CLUSTER_TENANTS to another operator.");
        }
        return new HostOptions(
                installCrds,
                port(environment.getOrDefault("HEALTH_PORT", "8081")),
                bool("LEADER_ELECTION", environment),
                clusterTenants,
                namespace(environment.getOrDefault("INGRESS_CONTROLLER_NAMESPACE", "ingress-nginx")));
    }

    /** One that cannot be would shut the ingress controller out, and nobody would say so. */
    private static String namespace(String text) {
        if (!text.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")) {
            throw new IllegalArgumentException("INGRESS_CONTROLLER_NAMESPACE must be a namespace's name.");
        }
        return text;
    }

    private static int port(String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_535) {
            throw new IllegalArgumentException("HEALTH_PORT must be a port, 0 to 65535.");
        }
        return Integer.parseInt(text);
    }

    /** A typing error must not turn anything off. */
    private static boolean bool(String name, Map<String, String> environment) {
        String text = environment.getOrDefault(name, "false");
        if (!text.matches("true|false")) {
            throw new IllegalArgumentException(name + " must be true or false.");
        }
        return Boolean.parseBoolean(text);
    }
}
