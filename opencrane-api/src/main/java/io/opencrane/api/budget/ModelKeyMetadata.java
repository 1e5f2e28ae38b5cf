package io.opencrane.api.budget;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What may be known of a tenant's model key (contract §6). Never the key itself.
 *
 * @param tenant the tenant's name
 * @param keyAlias the key's alias at the gateway
 * @param secretName the Secret that holds the key
 * @param monthlyBudgetUsd US dollars a calendar month; null is unlimited
 * @param issuedAt when the key was made
 * @param revokedAt when it was revoked; null while it lives
 */
public record ModelKeyMetadata(
        String tenant,
        String keyAlias,
        String secretName,
        @Nullable BigDecimal monthlyBudgetUsd,
        @JsonFormat(shape = JsonFormat.Shape.STRING) Instant issuedAt,

        @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable
        Instant revokedAt) {}
