package io.opencrane.core.port;

import io.opencrane.api.budget.ModelKeyMetadata;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.Page;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantQuery;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The projection: rows, their audit log and the guards that keep an older read from overwriting a newer row (DECISIONS 36–39).
 * Blocking, thread-safe; every method may fail with {@code UPSTREAM_ERROR} or {@code TIMEOUT}, and then wrote nothing.
 */
public interface ProjectionStore {
    /**
     * Writes a row and its audit entry in one transaction. The row is written only if it is newer than what is there: another uid with a
     * later creation time, or the same uid with a higher {@code resourceVersion} (compared as unsigned numbers), and not deleted since.
     * The audit entry is written in any case.
     *
     * @param row the row
     * @param audit what was done
     * @return whether the row was written
     * @throws OpenCraneException {@code VALIDATION_ERROR} naming the field if PostgreSQL cannot hold a value (DECISIONS 38)
     */
    Written write(TenantRow row, AuditEntry audit);

    /**
     * Deletes a row, remembers the deletion and writes an audit entry, in one transaction. Nothing older than the deletion is written
     * afterwards. A row of a later object of the same name stays.
     *
     * @param id the tenant
     * @param uid the uid of the object that was deleted
     * @param audit what was done
     */
    void remove(TenantId id, String uid, AuditEntry audit);

    /**
     * Reads a row.
     *
     * @param id the tenant
     * @return the row or empty
     */
    Optional<TenantRow> find(TenantId id);

    /**
     * Reads a page of rows in the byte order of {@code namespace/name}.
     *
     * @param query filters and page
     * @param namespaces only these namespaces; empty for all
     * @return the page
     */
    Page<TenantRow> list(TenantQuery query, List<String> namespaces);

    /**
     * Reads all rows in the byte order of {@code namespace/name}, without holding them in memory.
     *
     * @param namespaces only these namespaces; empty for all
     * @return a cursor to be closed
     */
    RowCursor<TenantRow> stream(List<String> namespaces);

    /**
     * Writes many rows in one transaction, under the guard of {@link #write}, with one audit entry for each row written.
     *
     * @param rows the rows
     * @param action the audit entries' action
     * @return for each row, in order, whether it was written
     */
    List<Written> writeAll(List<TenantRow> rows, String action);

    /**
     * Records what is known of a model key: made, or revoked. History is kept; one line an alias.
     *
     * @param tenant the tenant
     * @param key the key's metadata
     */
    void recordKey(TenantId tenant, ModelKeyMetadata key);

    /**
     * What is known of a tenant's model keys, newest first.
     *
     * @param tenant the tenant
     * @return the metadata, revoked keys included
     */
    List<ModelKeyMetadata> keys(TenantId tenant);

    /**
     * Reads the audit log, newest first.
     *
     * @param tenant only this tenant, or null for all
     * @param limit how many at the most
     * @return the entries
     */
    List<AuditEntry> audit(@Nullable TenantId tenant, int limit);

    /**
     * Asks the database a trivial question.
     *
     * @throws OpenCraneException {@code UPSTREAM_ERROR} or {@code TIMEOUT} if it does not answer
     */
    void ping();

    /** Whether a row was written. */
    enum Written {
        /** It was. */
        YES,
        /** Something newer is there: a newer row or a later deletion. */
        NEWER_THERE
    }
}
