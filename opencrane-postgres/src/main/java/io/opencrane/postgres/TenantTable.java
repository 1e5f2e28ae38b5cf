package io.opencrane.postgres;

import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.api.tenant.TenantQuery;
import io.opencrane.core.port.TenantRow;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables {@code tenants} and {@code tenant_tombstones}. The guard against older reads is part of the statements. A row that says
 * what no row of ours says, because it was edited by hand, is named in the log and otherwise taken for none: one such row must not
 * keep the others from being read, and a repair writes over it.
 */
final class TenantTable {
    private static final Logger LOG = LoggerFactory.getLogger(TenantTable.class);

    /** Byte order whatever the database's collation is; the text of the index {@code tenants_key} (DECISIONS 36). */
    private static final String KEY = "((namespace || '/' || name) COLLATE \"C\")";

    private static final String SELECT = "SELECT * FROM {schema}.tenants";

    /** Sorted, so that two transactions over the same rows wait for each other instead of deadlocking. */
    private static final String UPSERT = """
            INSERT INTO {schema}.tenants AS there (
                namespace, name, uid, resource_version, created_at, display_name, email, team, openclaw_version,
                monthly_budget_usd, config_overrides, policy_ref, cluster_tenant_ref, suspended, phase, ingress_host, updated_at)
            SELECT given.namespace, given.name, given.uid, given.resource_version::numeric, given.created_at::timestamptz,
                given.display_name, given.email, given.team, given.openclaw_version, given.monthly_budget_usd::numeric,
                given.config_overrides::jsonb, given.policy_ref, given.cluster_tenant_ref, given.suspended::boolean,
                given.phase, given.ingress_host, :updated_at
            FROM unnest(:namespace, :name, :uid, :resource_version, :created_at, :display_name, :email, :team,
                    :openclaw_version, :monthly_budget_usd, :config_overrides, :policy_ref, :cluster_tenant_ref, :suspended,
                    :phase, :ingress_host)
                AS given(namespace, name, uid, resource_version, created_at, display_name, email, team,
                    openclaw_version, monthly_budget_usd, config_overrides, policy_ref, cluster_tenant_ref, suspended,
                    phase, ingress_host)
            WHERE NOT EXISTS (
                SELECT FROM {schema}.tenant_tombstones AS gone
                WHERE gone.namespace = given.namespace AND gone.name = given.name
                    AND (gone.uid = given.uid
                        OR (gone.created_at, gone.resource_version)
                            > (given.created_at::timestamptz, given.resource_version::numeric)))
            ORDER BY given.namespace COLLATE "C", given.name COLLATE "C"
            ON CONFLICT (namespace, name) DO UPDATE SET
                uid = excluded.uid, resource_version = excluded.resource_version, created_at = excluded.created_at,
                display_name = excluded.display_name, email = excluded.email, team = excluded.team,
                openclaw_version = excluded.openclaw_version, monthly_budget_usd = excluded.monthly_budget_usd,
                config_overrides = excluded.config_overrides, policy_ref = excluded.policy_ref,
                cluster_tenant_ref = excluded.cluster_tenant_ref, suspended = excluded.suspended, phase = excluded.phase,
                ingress_host = excluded.ingress_host, updated_at = excluded.updated_at
            WHERE CASE WHEN there.uid = excluded.uid
                THEN there.resource_version <= excluded.resource_version
                ELSE (there.created_at, there.resource_version) < (excluded.created_at, excluded.resource_version) END
            RETURNING namespace, name""";

    /** The row's age is kept with the deletion; a deletion told twice keeps the first. */
    private static final String BURY = """
            WITH deleted AS (
                DELETE FROM {schema}.tenants WHERE namespace = :namespace AND name = :name AND uid = :uid
                RETURNING resource_version, created_at)
            INSERT INTO {schema}.tenant_tombstones (namespace, name, uid, resource_version, created_at, deleted_at)
            SELECT :namespace, :name, :uid, deleted.resource_version, deleted.created_at, :now
            FROM (SELECT) AS always LEFT JOIN deleted ON true
            ON CONFLICT (namespace, name, uid) DO NOTHING""";

    private final Sessions sessions;

    TenantTable(Sessions sessions) {
        this.sessions = sessions;
    }

    /** Held by writers together, and against {@link #buryLock}: a writer that saw no tombstone ends before one is made. */
    String writeLock() {
        return sessions.sql("LOCK TABLE {schema}.tenant_tombstones IN ROW SHARE MODE");
    }

    String buryLock() {
        return sessions.sql("LOCK TABLE {schema}.tenant_tombstones IN EXCLUSIVE MODE");
    }

    /** Writes rows of different tenants and tells which were written. */
    Set<TenantId> upsert(Handle handle, List<TenantRow> rows, Instant now) {
        Update insert = handle.createUpdate(sessions.sql(UPSERT)).bind("updated_at", now.atOffset(ZoneOffset.UTC));
        Columns<TenantRow> columns = new Columns<>(insert, rows);
        columns.bind("namespace", row -> row.id().namespace());
        columns.bind("name", row -> row.id().name());
        columns.bind("uid", TenantRow::uid);
        columns.bind("resource_version", TenantRow::resourceVersion);
        columns.bind("created_at", row -> row.createdAt().toString());
        columns.bind("display_name", TenantRow::displayName);
        columns.bind("email", TenantRow::email);
        columns.bind("team", TenantRow::team);
        columns.bind("openclaw_version", TenantRow::openclawVersion);
        columns.bind("monthly_budget_usd", row -> plain(row.monthlyBudgetUsd()));
        columns.bind("config_overrides", row -> Json.write(row.configOverrides()));
        columns.bind("policy_ref", TenantRow::policyRef);
        columns.bind("cluster_tenant_ref", TenantRow::clusterTenantRef);
        columns.bind("suspended", row -> Boolean.toString(row.suspended()));
        columns.bind("phase", row -> wireName(row.phase()));
        columns.bind("ingress_host", TenantRow::ingressHost);
        return new HashSet<>(insert.executeAndReturnGeneratedKeys()
                .map((row, context) -> new TenantId(row.getString("namespace"), row.getString("name")))
                .list());
    }

    void bury(Handle handle, TenantId id, String uid, Instant now) {
        handle.createUpdate(sessions.sql(BURY))
                .bind("namespace", id.namespace())
                .bind("name", id.name())
                .bind("uid", uid)
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .execute();
    }

    Optional<TenantRow> find(Handle handle, TenantId id) {
        return handle.createQuery(sessions.sql(SELECT + " WHERE namespace = :namespace AND name = :name"))
                .bind("namespace", id.namespace())
                .bind("name", id.name())
                .map((row, context) -> read(row))
                .findOne()
                .flatMap(found -> found);
    }

    /** Reads one row more than asked for, which tells whether there is a next page. */
    List<KeyedRow> page(Handle handle, TenantQuery query, List<String> namespaces) {
        StringBuilder sql = new StringBuilder(SELECT).append(" WHERE true");
        query.namespace().ifPresent(any -> sql.append(" AND namespace = :namespace"));
        query.team().ifPresent(any -> sql.append(" AND team = :team"));
        query.phase().ifPresent(any -> sql.append(" AND phase = :phase"));
        query.clusterTenant().ifPresent(any -> sql.append(" AND cluster_tenant_ref = :clusterTenant"));
        query.after().ifPresent(any -> sql.append(" AND ").append(KEY).append(" > :after"));
        sql.append(within(namespaces)).append(" ORDER BY ").append(KEY).append(" LIMIT :limit");
        Query read = handle.createQuery(sessions.sql(sql.toString())).bind("limit", query.limit() + 1);
        query.namespace().ifPresent(value -> read.bind("namespace", value));
        query.team().ifPresent(value -> read.bind("team", value));
        query.phase().ifPresent(value -> read.bind("phase", wireName(value)));
        query.clusterTenant().ifPresent(value -> read.bind("clusterTenant", value));
        query.after().ifPresent(value -> read.bind("after", value));
        return bindScope(read, namespaces)
                .map((row, context) -> new KeyedRow(key(row), read(row)))
                .list();
    }

    /** What a page goes on after, also if the row itself cannot be read. */
    record KeyedRow(String key, Optional<TenantRow> row) {}

    Query all(Handle handle, List<String> namespaces) {
        String sql = SELECT + " WHERE true" + within(namespaces) + " ORDER BY " + KEY;
        return bindScope(handle.createQuery(sessions.sql(sql)), namespaces);
    }

    private static String within(List<String> namespaces) {
        return namespaces.isEmpty() ? "" : " AND namespace = ANY(:namespaces)";
    }

    private static Query bindScope(Query query, List<String> namespaces) {
        return namespaces.isEmpty() ? query : query.bindArray("namespaces", String.class, namespaces);
    }

    /** Empty if the row is damaged. */
    static Optional<TenantRow> read(ResultSet row) throws SQLException {
        try {
            return Optional.of(decode(row));
        } catch (RuntimeException e) {
            // Only our own texts: another may repeat the overrides.
            String why = e instanceof IllegalStateException
                    ? e.getMessage()
                    : e.getClass().getSimpleName();
            LOG.atWarn()
                    .addKeyValue("component", "projection")
                    .addKeyValue("tenant", key(row))
                    .log("A row cannot be read and counts as missing until a repair rewrites it: {}", why);
            return Optional.empty();
        }
    }

    private static String key(ResultSet row) throws SQLException {
        return row.getString("namespace") + "/" + row.getString("name");
    }

    private static TenantRow decode(ResultSet row) throws SQLException {
        return new TenantRow(
                new TenantId(row.getString("namespace"), row.getString("name")),
                row.getString("uid"),
                row.getString("resource_version"),
                instant(row, "created_at"),
                row.getString("display_name"),
                row.getString("email"),
                row.getString("team"),
                row.getString("openclaw_version"),
                row.getBigDecimal("monthly_budget_usd"),
                Json.read(row.getString("config_overrides")),
                row.getString("policy_ref"),
                row.getString("cluster_tenant_ref"),
                row.getBoolean("suspended"),
                phase(row.getString("phase")),
                row.getString("ingress_host"),
                instant(row, "updated_at"));
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getObject(column, OffsetDateTime.class), column)
                .toInstant();
    }

    static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    static @Nullable String plain(@Nullable BigDecimal money) {
        return money == null ? null : money.toPlainString();
    }

    private static String wireName(TenantPhase phase) {
        return switch (phase) {
            case PENDING -> "Pending";
            case RUNNING -> "Running";
            case SUSPENDED -> "Suspended";
            case ERROR -> "Error";
        };
    }

    private static TenantPhase phase(String wireName) {
        for (TenantPhase phase : TenantPhase.values()) {
            if (wireName(phase).equals(wireName)) {
                return phase;
            }
        }
        throw new IllegalStateException("Its phase is none of ours; was it edited by hand?");
    }
}
