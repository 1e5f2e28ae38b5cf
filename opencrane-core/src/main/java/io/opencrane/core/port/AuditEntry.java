package io.opencrane.core.port;

import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.tenant.TenantId;
import java.time.Instant;
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
        FreeForm metadata) {}
