package io.opencrane.postgres;

import io.opencrane.api.budget.ModelKeyMetadata;
import io.opencrane.api.tenant.TenantId;
import java.time.ZoneOffset;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The table {@code tenant_litellm_keys}: what is known of keys, never the keys. */
final class KeyTable {
    /**
     * A late "made" must not bring a revoked key back to life, nor must anything late about an alias's earlier key, of a tenant that was
     * deleted and made again, touch what is known of the present one.
     */
    private static final String RECORD = """
            INSERT INTO {schema}.tenant_litellm_keys AS there (
                namespace, tenant, key_alias, secret_name, monthly_budget_usd, issued_at, revoked_at)
            VALUES (:namespace, :tenant, :alias, :secret, CAST(:budget AS numeric), :issued, CAST(:revoked AS timestamptz))
            ON CONFLICT (namespace, tenant, key_alias) DO UPDATE SET
                secret_name = excluded.secret_name, monthly_budget_usd = excluded.monthly_budget_usd,
                issued_at = excluded.issued_at,
                revoked_at = CASE WHEN there.issued_at = excluded.issued_at
                    THEN coalesce(there.revoked_at, excluded.revoked_at) ELSE excluded.revoked_at END
            WHERE there.issued_at <= excluded.issued_at""";

    private static final String OF_TENANT = """
            SELECT tenant, key_alias, secret_name, monthly_budget_usd, issued_at, revoked_at
            FROM {schema}.tenant_litellm_keys
            WHERE namespace = :namespace AND tenant = :tenant
            ORDER BY issued_at DESC, key_alias DESC""";

    private final Sessions sessions;

    KeyTable(Sessions sessions) {
        this.sessions = sessions;
    }

    void put(Handle handle, TenantId tenant, ModelKeyMetadata key) {
        handle.createUpdate(sessions.sql(RECORD))
                .bind("namespace", tenant.namespace())
                .bind("tenant", tenant.name())
                .bind("alias", key.keyAlias())
                .bind("secret", key.secretName())
                .bind("budget", Values.plain(key.monthlyBudgetUsd()))
                .bind("issued", key.issuedAt().atOffset(ZoneOffset.UTC))
                .bind(
                        "revoked",
                        key.revokedAt() == null ? null : key.revokedAt().toString())
                .execute();
    }

    List<ModelKeyMetadata> of(Handle handle, TenantId tenant) {
        return handle.createQuery(sessions.sql(OF_TENANT))
                .bind("namespace", tenant.namespace())
                .bind("tenant", tenant.name())
                .map((row, context) -> new ModelKeyMetadata(
                        row.getString("tenant"),
                        row.getString("key_alias"),
                        row.getString("secret_name"),
                        row.getBigDecimal("monthly_budget_usd"),
                        Values.instant(row, "issued_at"),
                        Values.instantOrNull(row, "revoked_at")))
                .list();
    }
}
