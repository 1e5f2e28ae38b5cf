package io.opencrane.core.projection;

import static io.opencrane.core.projection.Comparison.absent;
import static io.opencrane.core.projection.Comparison.add;
import static io.opencrane.core.projection.Comparison.sameText;

import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.TenantSelector;
import io.opencrane.api.projection.FieldDifference;
import io.opencrane.api.resource.MaybeEmpty;
import io.opencrane.core.port.PolicyRow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares access policies with their rows (DECISIONS 37). What is absent, empty, or the server's default is equal, which the model takes
 * care of; the order of labels is noise, that of lists is not. Pure.
 */
final class PolicyDrift implements Comparison<AccessPolicy, PolicyRow> {
    private static final List<String> COMPARED_FIELDS =
            List.of("description", "tenantSelector", "domains", "egressRules", "mcpServers");

    @Override
    public List<String> fields() {
        return COMPARED_FIELDS;
    }

    @Override
    public boolean isSame(AccessPolicy policy, PolicyRow row) {
        AccessPolicySpec spec = policy.spec();
        return sameText(spec.description(), row.description())
                && sameSelector(spec.tenantSelector(), row.tenantSelector())
                && spec.domains().equals(row.domains())
                && spec.egressRules().equals(row.egressRules())
                && spec.mcpServers().equals(row.mcpServers());
    }

    private static boolean sameSelector(TenantSelector a, TenantSelector b) {
        return a.matchLabels().equals(b.matchLabels()) && sameText(a.matchTeam(), b.matchTeam());
    }

    @Override
    public List<FieldDifference> differences(AccessPolicy policy, PolicyRow row) {
        AccessPolicySpec spec = policy.spec();
        List<FieldDifference> found = new ArrayList<>();
        add(found, "description", absent(spec.description()), absent(row.description()));
        add(
                found,
                "tenantSelector",
                unlessEmpty(Projectable.asKept(spec.tenantSelector())),
                unlessEmpty(Projectable.asKept(row.tenantSelector())));
        add(found, "domains", unlessEmpty(spec.domains()), unlessEmpty(row.domains()));
        add(found, "egressRules", unlessEmpty(spec.egressRules()), unlessEmpty(row.egressRules()));
        add(found, "mcpServers", unlessEmpty(spec.mcpServers()), unlessEmpty(row.mcpServers()));
        return found;
    }

    private static @Nullable MaybeEmpty unlessEmpty(MaybeEmpty value) {
        return value.isEmpty() ? null : value;
    }

    private static @Nullable List<?> unlessEmpty(List<?> value) {
        return value.isEmpty() ? null : value;
    }
}
