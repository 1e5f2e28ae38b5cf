package io.opencrane.postgres;

import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.port.AuditEntry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** The table {@code audit_log}: written in the transaction of what it tells. */
final class AuditTable {
    private static final String APPEND = """
            INSERT INTO {schema}.audit_log ("timestamp", namespace, tenant, action, resource, message, metadata)
            SELECT given.at::timestamptz, given.namespace, given.tenant, given.action, given.resource, given.message,
                given.metadata::jsonb
            FROM unnest(:at, :namespace, :tenant, :action, :resource, :message, :metadata)
                AS given(at, namespace, tenant, action, resource, message, metadata)""";

    private final Sessions sessions;

    AuditTable(Sessions sessions) {
        this.sessions = sessions;
    }

    void append(Handle handle, List<AuditEntry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        Update insert = handle.createUpdate(sessions.sql(APPEND));
        Columns<AuditEntry> columns = new Columns<>(insert, entries);
        columns.bind("at", entry -> entry.timestamp().toString());
        columns.bind(
                "namespace",
                entry -> entry.tenant() == null ? null : entry.tenant().namespace());
        columns.bind(
                "tenant",
                entry -> entry.tenant() == null ? null : entry.tenant().name());
        columns.bind("action", AuditEntry::action);
        columns.bind("resource", AuditEntry::resource);
        columns.bind("message", AuditEntry::message);
        columns.bind("metadata", entry -> Json.write(entry.metadata()));
        insert.execute();
    }

    List<AuditEntry> newest(Handle handle, @Nullable TenantId tenant, int limit) {
        String only = tenant == null ? "" : " WHERE namespace = :namespace AND tenant = :tenant";
        Query query = handle.createQuery(sessions.sql("SELECT * FROM {schema}.audit_log" + only
                        + " ORDER BY \"timestamp\" DESC, id DESC LIMIT :limit"))
                .bind("limit", limit);
        if (tenant != null) {
            query.bind("namespace", tenant.namespace()).bind("tenant", tenant.name());
        }
        return query.map((row, context) -> read(row)).list();
    }

    private static AuditEntry read(ResultSet row) throws SQLException {
        String tenant = row.getString("tenant");
        return new AuditEntry(
                Values.instant(row, "timestamp"),
                tenant == null ? null : new TenantId(row.getString("namespace"), tenant),
                row.getString("action"),
                row.getString("resource"),
                row.getString("message"),
                Json.read(row.getString("metadata")));
    }
}
