package io.opencrane.api.budget;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant spent in the running budget period (contract §6). The gateway books calls some seconds after they were made.
 *
 * @param namespace the tenant's namespace
 * @param tenantName the tenant's name
 * @param endpoint where the spend was read
 * @param totalCostUsd US dollars since the last reset
 * @param monthlyBudgetUsd the budget as the gateway enforces it; null is unlimited
 * @param remainingBudgetUsd what is left of it, never below zero; null is unlimited
 * @param exceeded whether the gateway refuses further calls that cost something
 * @param blocked whether the tenant is kept from models, whatever it spent
 * @param topModels by cost, the highest first; booked apart from the total, so that the two may differ
 * @param freshness whether the total is of the running period
 * @param resetsAt when the period ends; null where it never does
 * @param asOf when the gateway was asked
 */
public record Spend(
        String namespace,
        String tenantName,
        String endpoint,
        BigDecimal totalCostUsd,
        @Nullable BigDecimal monthlyBudgetUsd,
        @Nullable BigDecimal remainingBudgetUsd,
        boolean exceeded,
        boolean blocked,
        List<ModelSpend> topModels,
        Freshness freshness,

        @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable
        Instant resetsAt,

        @JsonFormat(shape = JsonFormat.Shape.STRING) Instant asOf) {
    /** Copies the models. */
    public Spend {
        topModels = List.copyOf(topModels);
    }

    /** Whether a total is of the running period. */
    public enum Freshness {
        /** It is. */
        CURRENT,
        /** The period is over and the gateway has not reset it yet, which it does every ten minutes: the total is of the last period. */
        RESET_DUE
    }

    /**
     * What was spent on one model.
     *
     * @param model the model's name
     * @param costUsd US dollars
     * @param requests how many calls it were
     */
    public record ModelSpend(String model, BigDecimal costUsd, long requests) {}
}
