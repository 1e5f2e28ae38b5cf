package io.opencrane.core.support;

import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.AccessPolicyStatus;
import io.opencrane.api.policy.Domains;
import io.opencrane.api.policy.EgressRule;
import io.opencrane.api.policy.McpServers;
import io.opencrane.api.policy.TenantSelector;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.core.policy.AccessPolicyRows;
import io.opencrane.core.port.PolicyRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/** A seeded generator of policies that collide often: few names, few values, and the ones that cause trouble among them. */
public final class PolicyFleet {
    /** The wire names of the parts of a spec. */
    public static final List<String> FIELDS =
            List.of("description", "tenantSelector", "domains", "egressRules", "mcpServers");

    private static final List<String> NAMESPACES = List.of("a", "a-b", "a0", "z");
    private static final List<String> NAMES = List.of("a", "a-", "b", "b-1", "c", "d", "e");
    private static final String UNPROJECTABLE = "bad \0";
    private final Random random;
    private int uid;

    public PolicyFleet(long seed) {
        random = new Random(seed);
    }

    public boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** Fills both sides: some agree, the others are missing on one side, differ, are being deleted, or cannot be projected. */
    public void fill(InMemoryCluster cluster, InMemoryProjection projection) {
        for (String namespace : NAMESPACES) {
            for (String name : NAMES) {
                if (chance(0.8)) {
                    AccessPolicySpec spec = spec(0.05);
                    AccessPolicy policy = cluster.put(policy(namespace, name, spec));
                    if (chance(0.8) && !UNPROJECTABLE.equals(spec.description())) {
                        keep(projection, policy.withSpec(chance(0.5) ? noisy(spec) : changed(spec, some())));
                    }
                } else if (chance(0.5)) {
                    keep(projection, new InMemoryCluster(cluster.scope()).put(policy(namespace, name, spec(0))));
                }
            }
        }
    }

    private static void keep(InMemoryProjection projection, AccessPolicy policy) {
        PolicyRow row = AccessPolicyRows.row(policy);
        projection.policies().rows.put(row.id().toString(), row);
    }

    private AccessPolicy policy(String namespace, String name, AccessPolicySpec spec) {
        ResourceMetadata metadata = new ResourceMetadata(
                namespace,
                name,
                "uid-" + ++uid,
                "",
                1,
                Instant.ofEpochSecond(1_700_000_000L),
                chance(0.1) ? Instant.EPOCH : null,
                Map.of(),
                Map.of(),
                List.of());
        return new AccessPolicy(metadata, spec, AccessPolicyStatus.empty());
    }

    /** Any spec. */
    public AccessPolicySpec spec() {
        return spec(0);
    }

    private AccessPolicySpec spec(double unprojectable) {
        return new AccessPolicySpec(
                chance(unprojectable) ? UNPROJECTABLE : pick(null, "", "For the red team"),
                new TenantSelector(labels(), pick(null, "", "red")),
                new Domains(texts("a.example", "*.example", "b.example"), texts("c.example", "*"), chance(0.5)),
                many(3, this::rule),
                new McpServers(texts("github", "jira"), texts("shell")));
    }

    private Map<String, String> labels() {
        Map<String, String> labels = new LinkedHashMap<>();
        many(4, () -> labels.put(pick("tier", "team", "stage"), pick("gold", "")));
        return labels;
    }

    private EgressRule rule() {
        return new EgressRule(
                pick("10.0.0.0/8", "10.1.0.0/16", ""),
                many(3, () -> 440 + random.nextInt(5)),
                chance(0.5) ? null : EgressRule.Protocol.values()[random.nextInt(2)]);
    }

    /** The same policy in other words: what is empty is absent or the other way round, labels in another order, defaults written out. */
    public AccessPolicySpec noisy(AccessPolicySpec spec) {
        Map<String, String> labels = new LinkedHashMap<>();
        List<String> keys = new ArrayList<>(spec.tenantSelector().matchLabels().keySet());
        Collections.shuffle(keys, random);
        keys.forEach(key -> labels.put(key, spec.tenantSelector().matchLabels().get(key)));
        return new AccessPolicySpec(
                noisy(spec.description()),
                labels.isEmpty() && noisy(spec.tenantSelector().matchTeam()) == null && chance(0.5)
                        ? null
                        : new TenantSelector(labels, noisy(spec.tenantSelector().matchTeam())),
                spec.domains().equals(Domains.DEFAULT) && chance(0.5) ? null : spec.domains(),
                spec.egressRules().isEmpty() && chance(0.5)
                        ? null
                        : spec.egressRules().stream().map(this::noisy).toList(),
                spec.mcpServers().isEmpty() && chance(0.5) ? null : spec.mcpServers());
    }

    private String noisy(String text) {
        return text == null || text.isEmpty() ? pick(null, "") : text;
    }

    private EgressRule noisy(EgressRule rule) {
        boolean usualPort = rule.ports().equals(List.of(443));
        return new EgressRule(
                rule.cidr(),
                usualPort ? (chance(0.5) ? null : List.of()) : rule.ports(),
                rule.protocol() == EgressRule.Protocol.TCP ? null : rule.protocol());
    }

    /** Some of the parts of a spec, one at least, in their order. */
    public List<String> some() {
        List<String> some = FIELDS.stream().filter(field -> chance(0.3)).toList();
        return some.isEmpty() ? List.of(FIELDS.get(random.nextInt(FIELDS.size()))) : some;
    }

    /** A spec that differs from this one in these parts and in no other. */
    public AccessPolicySpec changed(AccessPolicySpec spec, List<String> parts) {
        AccessPolicySpec.Builder changed = noisy(spec).toBuilder();
        if (parts.contains("description")) {
            changed.description("other");
        }
        if (parts.contains("tenantSelector")) {
            changed.tenantSelector(
                    chance(0.5)
                            ? new TenantSelector(spec.tenantSelector().matchLabels(), "blue")
                            : new TenantSelector(
                                    Map.of("other", ""), spec.tenantSelector().matchTeam()));
        }
        if (parts.contains("domains")) {
            changed.domains(changed(spec.domains()));
        }
        if (parts.contains("egressRules")) {
            List<EgressRule> rules = new ArrayList<>(spec.egressRules());
            rules.add(chance(0.5) ? 0 : rules.size(), new EgressRule("192.0.2.0/24", null, null));
            changed.egressRules(rules);
        }
        if (parts.contains("mcpServers")) {
            changed.mcpServers(new McpServers(spec.mcpServers().deny(), List.of("other")));
        }
        return changed.build();
    }

    private Domains changed(Domains domains) {
        List<String> swapped = new ArrayList<>(domains.allow());
        Collections.reverse(swapped);
        boolean isOrderOnly = !swapped.equals(domains.allow()) && chance(0.5);
        return isOrderOnly
                ? new Domains(swapped, domains.deny(), domains.defaultDeny())
                : new Domains(domains.allow(), domains.deny(), !domains.defaultDeny());
    }

    private List<String> texts(String... values) {
        return many(4, () -> pick(values));
    }

    private <T> List<T> many(int most, Supplier<T> make) {
        List<T> made = new ArrayList<>();
        for (int left = random.nextInt(most); left > 0; left--) {
            made.add(make.get());
        }
        return made;
    }

    private String pick(String... values) {
        return values[random.nextInt(values.length)];
    }
}
