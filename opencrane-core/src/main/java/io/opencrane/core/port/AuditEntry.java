package io.opencrane.core.port;

import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.resource.ResourceKey;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.tenant.TenantId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A line of the audit log (contract §6).
 *
 * @param timestamp when it happened
 * @param tenant whom it is about, or null
 * @param action what was done, for example {@code tenant.create}
 * @param resource the object, for example {@code Tenant opencrane/acme}
 * @param message one sentence for people; never holds a secret
 * @param metadata details for machines; never holds a secret
 */
public record AuditEntry(
        Instant timestamp,
        @Nullable TenantId tenant,
        String action,
        String resource,
        String message,
        FreeForm metadata) {
    /**
     * The entry that {@link RowStore#writeAll} makes for a row it wrote.
     *
     * @param row the row
     * @param action what was done, for example {@code tenant.repair}
     * @param timestamp when
     * @return an entry with the row's uid and resourceVersion as metadata, about the tenant if it is a tenant's row
     */
    public static AuditEntry ofRow(Row row, String action, Instant timestamp) {
        ResourceKey key = row.key();
        return new AuditEntry(
                timestamp,
                key.kind() == ResourceKind.TENANT ? new TenantId(key.namespace(), key.name()) : null,
                action,
                key.toString(),
                "Row brought in line with its custom resource.",
                FreeForm.of(Map.of("uid", row.uid(), "resourceVersion", row.resourceVersion())));
    }
}
