package io.opencrane.core.settings;

import io.opencrane.api.resource.SecretText;
import java.math.BigDecimal;
import java.net.URI;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * How tenants reach models through LiteLLM.
 *
 * @param enabled {@code LITELLM_ENABLED}; false by default, and then neither keys nor Secrets are touched (DECISIONS 34)
 * @param endpoint {@code LITELLM_ENDPOINT} without a trailing slash
 * @param masterKey {@code LITELLM_MASTER_KEY}; never null when enabled
 * @param defaultMonthlyBudgetUsd {@code LITELLM_DEFAULT_MONTHLY_BUDGET_USD}, for tenants that name none; null is unlimited, zero blocks
 * @param timezone {@code LITELLM_TIMEZONE}, in which budgets reset
 */
public record ModelGatewaySettings(
        boolean enabled,
        URI endpoint,
        @Nullable SecretText masterKey,
        @Nullable BigDecimal defaultMonthlyBudgetUsd,
        ZoneId timezone) {}
