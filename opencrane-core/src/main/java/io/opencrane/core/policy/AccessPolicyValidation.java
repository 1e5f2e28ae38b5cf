package io.opencrane.core.policy;

import io.opencrane.api.error.Problem;
import io.opencrane.api.error.Problem.Code;
import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.Domains;
import io.opencrane.api.policy.EgressRule;
import io.opencrane.api.policy.NewAccessPolicy;
import io.opencrane.api.policy.TenantSelector;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.network.Cidr;
import io.opencrane.core.policy.EgressPlan.Gap;
import io.opencrane.core.policy.EgressPlan.Reason;
import io.opencrane.core.tenant.Findings;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is wrong with a policy, all of it at once (contract §2). Stricter than the custom resource's schema, which must take whatever it
 * took before: what the service writes can be put into force. Only a deny that a network policy cannot express is taken and reported as
 * not in force (DECISIONS 30), because its allowed neighbour is closed with it. Pure.
 */
public final class AccessPolicyValidation {
    /** The policy's name is the value of the label {@code opencrane.io/policy}. */
    public static final int MAX_NAME = 63;

    private static final int MAX_DESCRIPTION = 1_000;

    private AccessPolicyValidation() {}

    /**
     * What is wrong with a policy to create.
     *
     * @param policy the policy
     * @param scope the namespaces it may be in
     * @return the problems, in the order of the fields; empty if there is none
     */
    public static List<Problem> problems(NewAccessPolicy policy, InstanceScope scope) {
        Findings found = new Findings();
        found.dnsLabel("name", policy.name(), MAX_NAME);
        String namespace = policy.namespace();
        found.dnsLabel("namespace", namespace, 63);
        if (namespace != null && !scope.contains(namespace)) {
            found.add("namespace", Code.UNKNOWN, "It is outside this instance's scope " + scope + ".");
        }
        if (policy.createRequest() != null) {
            found.text("createRequest", policy.createRequest(), 256);
        }
        spec(found, policy.spec());
        return found.all();
    }

    /**
     * What is wrong with a spec.
     *
     * @param spec the spec
     * @return the problems, in the order of the fields, each path beginning with {@code spec}; empty if there is none
     */
    public static List<Problem> problems(AccessPolicySpec spec) {
        Findings found = new Findings();
        spec(found, spec);
        return found.all();
    }

    private static void spec(Findings found, AccessPolicySpec spec) {
        if (PolicySize.of(spec) > PolicySize.MOST) {
            found.add(
                    "spec",
                    Code.TOO_LONG,
                    "Its network policies would be larger than a cluster takes, " + PolicySize.MOST / 1024
                            + " KiB; write larger networks or fewer rules, ports and names.");
        }
        found.prose("spec.description", spec.description(), MAX_DESCRIPTION);
        selector(found, spec.tenantSelector());
        List<Gap> gaps = EgressPlan.of(spec).gaps();
        gaps(found, "spec.domains", gaps);
        Domains domains = spec.domains();
        deniedToo(found, "spec.domains", patterns(domains.allow()), patterns(domains.deny()));
        gaps(found, "spec.egressRules", gaps);
        for (int i = 0; i < spec.egressRules().size(); i++) {
            rule(found, "spec.egressRules[" + i + "]", spec.egressRules().get(i));
        }
        found.names("spec.mcpServers.allow", spec.mcpServers().allow());
        found.names("spec.mcpServers.deny", spec.mcpServers().deny());
        deniedToo(
                found,
                "spec.mcpServers",
                spec.mcpServers().allow(),
                spec.mcpServers().deny());
    }

    private static void selector(Findings found, TenantSelector selector) {
        String team = selector.matchTeam();
        found.labelValue("spec.tenantSelector.matchTeam", team, "Write a team as tenants have it: a label value.");
        selector.matchLabels().forEach((key, value) -> {
            boolean isKey = found.labelKey("spec.tenantSelector.matchLabels", key);
            String path = "spec.tenantSelector.matchLabels" + (isKey ? "[" + key + "]" : "");
            if (!value.isEmpty()) {
                found.labelValue(path, value, "Write a label value: letters, digits, dashes, dots and underscores.");
            }
            if (key.equals(PolicyResolution.TEAM_LABEL) && team != null && !team.equals(value)) {
                found.add(path, Code.CONTRADICTION, "No tenant is of this team and of matchTeam; write one of them.");
            }
        });
    }

    /** What cannot be put into force the plan knows. */
    private static void gaps(Findings found, String field, List<Gap> gaps) {
        for (Gap gap : gaps) {
            if (gap.path().startsWith(field) && gap.reason() != Reason.DENY_NOT_EXPRESSIBLE) {
                boolean isOutOfRange =
                        gap.reason() == Reason.METADATA_ADDRESS || gap.path().contains(".ports[");
                found.add(gap.path(), isOutOfRange ? Code.OUT_OF_RANGE : Code.MALFORMED, gap.message());
            }
        }
    }

    /** What is no name has been found already. */
    private static List<String> patterns(List<String> names) {
        return names.stream()
                .map(name ->
                        NameText.refusal(name) == null ? NameText.pattern(name).text() : "")
                .toList();
    }

    private static void deniedToo(Findings found, String path, List<String> allowed, List<String> denied) {
        Set<String> never = new HashSet<>(denied);
        for (int i = 0; i < allowed.size(); i++) {
            if (!allowed.get(i).isEmpty() && never.contains(allowed.get(i))) {
                found.add(
                        path + ".allow[" + i + "]",
                        Code.CONTRADICTION,
                        "It is denied too, and deny beats allow; take it out of one list.");
            }
        }
    }

    /** What the server takes and nobody means. */
    private static void rule(Findings found, String path, EgressRule rule) {
        Cidr.parse(rule.cidr())
                .filter(block -> !Cidr.isBlock(rule.cidr()))
                .ifPresent(block -> found.add(
                        path + ".cidr", Code.MALFORMED, "There are bits behind the prefix; write " + block + "."));
        if (new HashSet<>(rule.ports()).size() < rule.ports().size()) {
            found.add(path + ".ports", Code.CONTRADICTION, "Write each port once.");
        }
    }
}
