package io.opencrane.core.projection;

import io.opencrane.api.budget.BudgetAccount;
import io.opencrane.api.budget.ModelKeyMetadata;
import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.policy.AccessPolicyQuery;
import io.opencrane.api.policy.EgressRule;
import io.opencrane.api.policy.TenantSelector;
import io.opencrane.api.resource.ResourceKey;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantQuery;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.port.BudgetMark;
import io.opencrane.core.port.PolicyRow;
import io.opencrane.core.port.TenantRow;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether PostgreSQL can hold a value, asked before it is sent. The API server stores what PostgreSQL refuses, for example the
 * character U+0000 or a budget of 1e300 (DECISIONS 38). Every {@code ProjectionStore} calls {@code require} first, so that fake and
 * database refuse the same values under the same field names; a repair calls {@link #problems} and skips the row.
 *
 * <p>Pure functions, safe for any thread. Values are never repeated in a problem: overrides may hold credentials.
 */
public final class Projectable {
    private static final int MONEY_SCALE = 2;

    private Projectable() {}

    /**
     * What keeps a row out of the projection.
     *
     * @param row a row
     * @return one problem for each field, its path the field's wire name, for example {@code monthlyBudgetUsd}; empty if the row fits
     */
    public static List<Problem> problems(TenantRow row) {
        return new Screen()
                .key(row.key())
                .limited("uid", row.uid(), Screen.MAX_UID)
                .version("resourceVersion", row.resourceVersion())
                .time("createdAt", row.createdAt())
                .text("displayName", row.displayName())
                .text("email", row.email())
                .text("team", row.team())
                .text("openclawVersion", row.openclawVersion())
                .money("monthlyBudgetUsd", row.monthlyBudgetUsd())
                .json("configOverrides", row.configOverrides().asMap())
                .text("policyRef", row.policyRef())
                .text("clusterTenantRef", row.clusterTenantRef())
                .text("ingressHost", row.ingressHost())
                .problems();
    }

    /**
     * A row as the projection will hand it back: money at two digits, rounded half up, and times at microseconds.
     *
     * @param row a row
     * @return the row at the precision of its columns
     * @throws ValidationException naming every field that does not fit
     */
    public static TenantRow require(TenantRow row) {
        refuse(printable(row.key()), problems(row));
        return new TenantRow(
                row.id(),
                row.uid(),
                row.resourceVersion(),
                atPrecision(row.createdAt()),
                row.displayName(),
                row.email(),
                row.team(),
                row.openclawVersion(),
                atScale(row.monthlyBudgetUsd()),
                row.configOverrides(),
                row.policyRef(),
                row.clusterTenantRef(),
                row.suspended(),
                row.phase(),
                row.ingressHost(),
                row.updatedAt());
    }

    /**
     * What keeps a policy's row out of the projection.
     *
     * @param row a row
     * @return one problem for each field, its path the field's wire name, for example {@code egressRules}; empty if the row fits
     */
    public static List<Problem> problems(PolicyRow row) {
        TenantSelector selector = row.tenantSelector();
        return new Screen()
                .key(row.key())
                .limited("uid", row.uid(), Screen.MAX_UID)
                .version("resourceVersion", row.resourceVersion())
                .time("createdAt", row.createdAt())
                .text("description", row.description())
                .json("tenantSelector", Arrays.asList(selector.matchLabels(), selector.matchTeam()))
                .json("domains", List.of(row.domains().allow(), row.domains().deny()))
                .json(
                        "egressRules",
                        row.egressRules().stream().map(EgressRule::cidr).toList())
                .json(
                        "mcpServers",
                        List.of(row.mcpServers().allow(), row.mcpServers().deny()))
                .problems();
    }

    /**
     * A policy's row as the projection will hand it back: an empty {@code matchTeam}, which its JSON leaves out, is none, and times are
     * at microseconds.
     *
     * @param row a row
     * @return the row at the precision of its columns
     * @throws ValidationException naming every field that does not fit
     */
    public static PolicyRow require(PolicyRow row) {
        refuse(printable(row.key()), problems(row));
        return new PolicyRow(
                row.id(),
                row.uid(),
                row.resourceVersion(),
                atPrecision(row.createdAt()),
                row.description(),
                asKept(row.tenantSelector()),
                row.domains(),
                row.egressRules(),
                row.mcpServers(),
                row.updatedAt());
    }

    /**
     * An audit entry as the projection will hand it back.
     *
     * @param entry an entry
     * @return the entry, its time at microseconds
     * @throws ValidationException naming every field that does not fit, for example {@code audit.message}
     */
    public static AuditEntry require(AuditEntry entry) {
        Screen screen = new Screen()
                .time("audit.timestamp", entry.timestamp())
                .text("audit.action", entry.action())
                .text("audit.resource", entry.resource())
                .text("audit.message", entry.message())
                .json("audit.metadata", entry.metadata().asMap());
        if (entry.tenant() != null) {
            screen.key(entry.tenant().key());
        }
        refuse("audit entry", screen.problems());
        return new AuditEntry(
                atPrecision(entry.timestamp()),
                entry.tenant(),
                entry.action(),
                entry.resource(),
                entry.message(),
                entry.metadata());
    }

    /**
     * Screens a name before it is looked up.
     *
     * @param key whose row
     * @throws ValidationException naming every part that no row can have
     */
    public static void require(ResourceKey key) {
        refuse(printable(key), new Screen().key(key).problems());
    }

    /**
     * Screens a query's filters before it is sent.
     *
     * @param query the query
     * @throws ValidationException naming every filter that no row can match, and a cursor that no page has handed out
     */
    public static void require(TenantQuery query) {
        refuse(
                "tenant query",
                new Screen()
                        .text("namespace", query.namespace().orElse(null))
                        .text("team", query.team().orElse(null))
                        .text("clusterTenant", query.clusterTenant().orElse(null))
                        .text("after", query.after().orElse(null))
                        .problems());
    }

    /**
     * Screens a query's filters before it is sent.
     *
     * @param query the query
     * @throws ValidationException naming every filter that no row can match, and a cursor that no page has handed out
     */
    public static void require(AccessPolicyQuery query) {
        refuse(
                "policy query",
                new Screen()
                        .text("namespace", query.namespace().orElse(null))
                        .text("text", query.text().orElse(null))
                        .text("after", query.after().orElse(null))
                        .problems());
    }

    /**
     * Screens what a deletion is remembered by.
     *
     * @param key whose row
     * @param uid the deleted object's uid
     * @throws ValidationException naming every field that does not fit
     */
    public static void require(ResourceKey key, String uid) {
        refuse(
                printable(key),
                new Screen().key(key).limited("uid", uid, Screen.MAX_UID).problems());
    }

    /**
     * A model key's metadata as the projection will hand it back.
     *
     * @param tenant whose key it is
     * @param key the metadata
     * @return the metadata, money at two digits and times at microseconds
     * @throws ValidationException naming every field that does not fit, {@code tenant} if it is another tenant's
     */
    public static ModelKeyMetadata require(TenantId tenant, ModelKeyMetadata key) {
        Screen screen = new Screen().key(tenant.key());
        if (!tenant.name().equals(key.tenant())) {
            screen.add(
                    "tenant", Problem.Code.CONTRADICTION, "The metadata is another tenant's; record it under its own.");
        }
        screen.limited("keyAlias", key.keyAlias(), Screen.MAX_ALIAS)
                .text("secretName", key.secretName())
                .money("monthlyBudgetUsd", key.monthlyBudgetUsd())
                .time("issuedAt", key.issuedAt())
                .time("revokedAt", key.revokedAt());
        refuse("model key of " + printable(tenant.key()), screen.problems());
        return new ModelKeyMetadata(
                key.tenant(),
                key.keyAlias(),
                key.secretName(),
                atScale(key.monthlyBudgetUsd()),
                atPrecision(key.issuedAt()),
                key.revokedAt() == null ? null : atPrecision(key.revokedAt()));
    }

    /**
     * A ceiling as the projection will hand it back.
     *
     * @param account whose ceiling
     * @param monthlyUsd the amount, or null
     * @return the amount at two digits, or null
     * @throws ValidationException naming {@code monthlyUsd} if the amount does not fit or is below zero, {@code clusterTenant} if the
     *     account's name does not fit
     */
    public static @Nullable BigDecimal require(BudgetAccount account, @Nullable BigDecimal monthlyUsd) {
        Screen screen = new Screen().money("monthlyUsd", monthlyUsd);
        if (monthlyUsd != null && monthlyUsd.signum() < 0) {
            screen.add("monthlyUsd", Problem.Code.OUT_OF_RANGE, "A ceiling is zero or more.");
        }
        if (account.kind() == BudgetAccount.Kind.CLUSTER_TENANT) {
            screen.limited("clusterTenant", account.clusterTenant(), Screen.MAX_NAME);
        }
        refuse("budget ceiling", screen.problems());
        return atScale(monthlyUsd);
    }

    /**
     * A budget mark as the projection will hand it back.
     *
     * @param mark a mark
     * @return the mark, its time at microseconds
     * @throws ValidationException naming every field that does not fit, {@code percent} if it is below zero
     */
    public static BudgetMark require(BudgetMark mark) {
        Screen screen = new Screen().key(mark.tenant().key()).time("periodEndsAt", mark.periodEndsAt());
        if (mark.percent() < 0) {
            screen.add("percent", Problem.Code.OUT_OF_RANGE, "A threshold is zero or more.");
        }
        refuse("budget mark of " + printable(mark.tenant().key()), screen.problems());
        Instant ends = mark.periodEndsAt();
        return new BudgetMark(mark.tenant(), mark.percent(), ends == null ? null : atPrecision(ends));
    }

    /**
     * Money as its column keeps it: two digits behind the point, rounded half up (DECISIONS 37). Comparing both sides of a drift
     * through this function leaves only real differences.
     *
     * @param money an amount that fits its column, or null
     * @return the amount as the column keeps it, or null
     */
    public static @Nullable BigDecimal atScale(@Nullable BigDecimal money) {
        if (money == null) {
            return null;
        }
        // Asked first, because setScale of 1e-999999999 would build a billion digits.
        return Screen.integerDigits(money) < -MONEY_SCALE
                ? BigDecimal.ZERO.setScale(MONEY_SCALE)
                : money.setScale(MONEY_SCALE, RoundingMode.HALF_UP);
    }

    /** A selector as its column keeps it. */
    static TenantSelector asKept(TenantSelector selector) {
        String team = selector.matchTeam();
        return team == null || !team.isEmpty() ? selector : new TenantSelector(selector.matchLabels(), null);
    }

    private static Instant atPrecision(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS);
    }

    private static void refuse(String subject, List<Problem> problems) {
        if (!problems.isEmpty()) {
            throw new ValidationException(subject, problems);
        }
    }

    /** A subject goes into logs; a name that is itself refused must not break them. */
    private static String printable(ResourceKey key) {
        return key.toString().replaceAll("\\p{Cntrl}", "?");
    }
}
