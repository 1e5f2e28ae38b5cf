package io.opencrane.it.policy;

import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.Domains;
import io.opencrane.api.policy.EgressRule;
import io.opencrane.api.policy.EgressRule.Protocol;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Policies, baselines and destinations from a small world, so that they meet. The same for the same seed. */
final class RandomPolicies {
    private static final List<Integer> PORTS = List.of(53, 80, 443, 443, 443, 8443);
    private static final List<String> NETWORKS = List.of(
            "0.0.0.0/0",
            "0.0.0.0/1",
            "10.0.0.0/8",
            "10.1.0.0/16",
            "10.1.2.0/24",
            "10.1.2.3/32",
            "100.64.0.0/10",
            "128.0.0.0/1",
            "169.254.0.0/16",
            "169.254.169.254/31",
            "169.254.169.254/32",
            "192.168.0.0/16",
            "8.8.8.8/32");
    private static final List<String> OF_IPV6 = List.of("::/0", "fd00::/8", "fd00:ec2::254/128", "2001:db8::/32");
    private static final List<String> LABELS = List.of("a", "b", "ab", "api", "evil", "x-y", "com", "corp");
    private static final List<String> MALFORMED = List.of("https://a.com", "a b.com", "10.1.2.3", "a..com", "");

    private final Random random;

    RandomPolicies(long seed) {
        random = new Random(seed);
    }

    <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    private <T> List<T> some(int most, Supplier<T> one) {
        return Stream.generate(one).limit(random.nextInt(most + 1)).toList();
    }

    AccessPolicySpec spec() {
        Domains domains = new Domains(some(4, this::pattern), some(2, this::pattern), random.nextInt(5) > 0);
        return AccessPolicySpec.builder()
                .domains(random.nextInt(4) == 0 ? Domains.DEFAULT : domains)
                .egressRules(some(5, this::rule))
                .build();
    }

    private EgressRule rule() {
        List<Integer> ports = some(2, () -> random.nextInt(12) == 0 ? 0 : port());
        String network = random.nextInt(12) == 0 ? "nowhere" : pick(NETWORKS);
        return new EgressRule(network, ports, protocol());
    }

    List<String> baseline() {
        return some(2, () -> random.nextInt(3) == 0 ? pick(OF_IPV6) : pick(NETWORKS)).stream()
                .filter(network -> !network.equals("169.254.169.254/31"))
                .distinct()
                .toList();
    }

    /** A name of two labels mostly; as a pattern, some of their letters stand for others. */
    private String pattern() {
        if (random.nextInt(20) == 0) {
            return pick(MALFORMED);
        }
        if (random.nextInt(20) == 0) {
            return "*";
        }
        String name = name();
        if (random.nextInt(3) > 0) {
            return random.nextInt(8) == 0 ? name.toUpperCase(Locale.ROOT) + "." : name;
        }
        int from = random.nextInt(name.length());
        int to = Math.min(name.length(), from + random.nextInt(3));
        String pattern = name.substring(0, from) + "*" + name.substring(to);
        return pattern.contains("**") ? name : pattern;
    }

    String name() {
        String name = pick(LABELS) + "." + pick(LABELS);
        return random.nextInt(4) == 0 ? pick(LABELS) + "." + name : name;
    }

    int port() {
        return pick(PORTS);
    }

    Protocol protocol() {
        return random.nextInt(4) == 0 ? Protocol.UDP : Protocol.TCP;
    }
}
