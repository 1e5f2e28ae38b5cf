package io.opencrane.samples.operator;

import java.util.List;
import java.util.Map;

/**
 * What this process needs to know beside the library's settings.
 *
 * @param installCrds whether to install the custom resource definitions first
 * @param healthPort where the health page listens
 * @param leaderElection whether several of these processes take turns
 */
record HostOptions(boolean installCrds, int healthPort, boolean leaderElection) {
    static HostOptions parse(List<String> arguments, Map<String, String> environment) {
        boolean installCrds = arguments.equals(List.of("--install-crds"));
        if (!installCrds && !arguments.isEmpty()) {
            throw new IllegalArgumentException("usage: opencrane-operator [--install-crds]; the rest is environment.");
        }
        return new HostOptions(
                installCrds,
                port(environment.getOrDefault("HEALTH_PORT", "8081")),
                bool(environment.getOrDefault("LEADER_ELECTION", "false")));
    }

    private static int port(String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_535) {
            throw new IllegalArgumentException("HEALTH_PORT must be a port, 0 to 65535.");
        }
        return Integer.parseInt(text);
    }

    /** A typing error must not turn the election off. */
    private static boolean bool(String text) {
        if (!text.matches("true|false")) {
            throw new IllegalArgumentException("LEADER_ELECTION must be true or false.");
        }
        return Boolean.parseBoolean(text);
    }
}
