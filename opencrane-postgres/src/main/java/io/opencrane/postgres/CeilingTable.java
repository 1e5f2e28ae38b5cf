package io.opencrane.postgres;

import io.opencrane.api.budget.BudgetAccount;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * The tables {@code global_budget_settings} and {@code account_budget_settings}. Two, because hosts know them by these names, and so that
 * no ClusterTenant's name can mean all tenants.
 */
final class CeilingTable {
    private static final String SET_GLOBAL = """
            INSERT INTO {schema}.global_budget_settings (only_row, monthly_budget_usd, updated_at)
            VALUES (true, :amount, :now)
            ON CONFLICT (only_row) DO UPDATE SET
                monthly_budget_usd = excluded.monthly_budget_usd, updated_at = excluded.updated_at""";

    private static final String SET_ACCOUNT = """
            INSERT INTO {schema}.account_budget_settings (account, monthly_budget_usd, updated_at)
            VALUES (:account, :amount, :now)
            ON CONFLICT (account) DO UPDATE SET
                monthly_budget_usd = excluded.monthly_budget_usd, updated_at = excluded.updated_at""";

    private static final String CLEAR_GLOBAL = "DELETE FROM {schema}.global_budget_settings";
    private static final String CLEAR_ACCOUNT = "DELETE FROM {schema}.account_budget_settings WHERE account = :account";

    /** One statement, so that all ceilings are of one moment. */
    private static final String ALL = """
            SELECT true AS everybody, '' AS account, monthly_budget_usd FROM {schema}.global_budget_settings
            UNION ALL
            SELECT false, account, monthly_budget_usd FROM {schema}.account_budget_settings""";

    private final Sessions sessions;

    CeilingTable(Sessions sessions) {
        this.sessions = sessions;
    }

    /** Null takes the ceiling away. */
    void put(Handle handle, BudgetAccount account, @Nullable BigDecimal monthlyUsd, Instant now) {
        boolean global = account.kind() == BudgetAccount.Kind.GLOBAL;
        String set = global ? SET_GLOBAL : SET_ACCOUNT;
        String clear = global ? CLEAR_GLOBAL : CLEAR_ACCOUNT;
        Update update = handle.createUpdate(sessions.sql(monthlyUsd == null ? clear : set));
        if (!global) {
            // The install's is the empty name.
            update.bind("account", account.clusterTenant());
        }
        if (monthlyUsd != null) {
            update.bind("amount", monthlyUsd).bind("now", now.atOffset(ZoneOffset.UTC));
        }
        update.execute();
    }

    Map<BudgetAccount, BigDecimal> all(Handle handle) {
        return handle
                .createQuery(sessions.sql(ALL))
                .map((row, context) -> Map.entry(account(row), row.getBigDecimal("monthly_budget_usd")))
                .list()
                .stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static BudgetAccount account(ResultSet row) throws SQLException {
        if (row.getBoolean("everybody")) {
            return BudgetAccount.global();
        }
        String name = row.getString("account");
        return name.isEmpty() ? BudgetAccount.install() : BudgetAccount.clusterTenant(name);
    }
}
