package io.opencrane.postgres;

import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.port.BudgetMark;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The table {@code tenant_budget_marks}: which threshold was told of a tenant, one line each. */
final class BudgetMarkTable {
    private static final String MARK = """
            INSERT INTO {schema}.tenant_budget_marks (namespace, tenant, percent, period_ends_at)
            VALUES (:namespace, :tenant, :percent, CAST(:ends AS timestamptz))
            ON CONFLICT (namespace, tenant) DO UPDATE SET
                percent = excluded.percent, period_ends_at = excluded.period_ends_at""";

    private static final String FORGET =
            "DELETE FROM {schema}.tenant_budget_marks WHERE namespace = :namespace AND tenant = :tenant";

    private static final String ALL =
            "SELECT namespace, tenant, percent, period_ends_at FROM {schema}.tenant_budget_marks";

    private final Sessions sessions;

    BudgetMarkTable(Sessions sessions) {
        this.sessions = sessions;
    }

    void put(Handle handle, BudgetMark mark) {
        Instant ends = mark.periodEndsAt();
        handle.createUpdate(sessions.sql(MARK))
                .bind("namespace", mark.tenant().namespace())
                .bind("tenant", mark.tenant().name())
                .bind("percent", mark.percent())
                .bind("ends", ends == null ? null : ends.toString())
                .execute();
    }

    void forget(Handle handle, TenantId tenant) {
        handle.createUpdate(sessions.sql(FORGET))
                .bind("namespace", tenant.namespace())
                .bind("tenant", tenant.name())
                .execute();
    }

    List<BudgetMark> all(Handle handle) {
        return handle.createQuery(sessions.sql(ALL))
                .map((row, context) -> new BudgetMark(
                        new TenantId(row.getString("namespace"), row.getString("tenant")),
                        row.getInt("percent"),
                        Values.instantOrNull(row, "period_ends_at")))
                .list();
    }
}
