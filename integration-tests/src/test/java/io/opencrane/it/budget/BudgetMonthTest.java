package io.opencrane.it.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.budget.BudgetEvent;
import io.opencrane.api.budget.Spend;
import io.opencrane.api.budget.Spend.Freshness;
import io.opencrane.api.resource.SecretText;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPatch;
import io.opencrane.core.port.ModelGateway.ModelUsage;
import io.opencrane.litellm.LiteLlmGateway;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * From the tenth of January to the tenth of March by the clock: every hour each assistant calls models until its budget is spent, every
 * six hours the host checks thresholds. On the way a budget is raised, a key rotated, a key revoked, a budget taken away.
 */
class BudgetMonthTest {
    private static final TenantId STEADY = new TenantId("opencrane", "steady");
    private static final TenantId GREEDY = new TenantId("opencrane", "greedy");
    private static final TenantId FREE = new TenantId("opencrane", "free");
    private static final Map<TenantId, BigDecimal> PRICE =
            Map.of(STEADY, new BigDecimal("0.10"), GREEDY, new BigDecimal("0.50"), FREE, new BigDecimal("0.25"));

    private final BudgetWorld world = new BudgetWorld();
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<BudgetEvent> told = new ArrayList<>();

    /** What each tenant spent by our own books, by month. */
    private final Map<TenantId, Map<Integer, BigDecimal>> spent = new LinkedHashMap<>();

    private int calls;
    private int refused;
    private int stale;

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void twoMonthsOfSpendResetsAlertsAndChangesAddUp() {
        world.create("steady", "100");
        world.create("greedy", "100");
        world.create("free", null);
        world.liteLlm.flushDelay(Duration.ofSeconds(10));

        Instant end = Instant.parse("2026-03-10T12:00:00Z");
        while (world.clock.instant().isBefore(end)) {
            hour(world.clock.instant());
            world.clock.advance(Duration.ofHours(1));
        }

        world.clock.advance(Duration.ofMinutes(1));
        assertBooksAgree();
        assertEvents();
        System.out.println(
                "two months by the clock: " + calls + " model calls, " + refused + " refused for their budget, "
                        + told.size() + " events, " + stale
                        + " readings marked as of the month before; spend by our books and by"
                        + " LiteLLM's: " + spent);
    }

    private void hour(Instant now) {
        PRICE.forEach((tenant, price) -> call(tenant, price, now));
        String time = now.toString();
        switch (time) {
            case "2026-01-20T12:00:00Z" -> {
                world.tenants()
                        .update(
                                GREEDY,
                                TenantPatch.builder().monthlyBudgetUsd("150").build());
                world.settle(GREEDY);
            }
            case "2026-01-25T12:00:00Z" -> {
                world.budgets.rotateKey(STEADY, "oc-budget-opencrane-steady/1");
                world.settle(STEADY);
                world.settle(STEADY);
            }
            case "2026-02-15T12:00:00Z" -> {
                world.budgets.revokeKey(FREE);
                world.settle(FREE);
            }
            default -> {
                // An hour like any other.
            }
        }
        if (time.matches(".*T(00|06|12|18):00:00Z")) {
            world.budgets.checkThresholds(told::add);
        }
        if (time.endsWith("T00:00:00Z")) {
            Spend spend = world.budgets.spend(GREEDY);
            stale += spend.freshness() == Freshness.RESET_DUE ? 1 : 0;
        }
    }

    /** A chat completion with the key that the tenant's Secret has at this moment. */
    private void call(TenantId tenant, BigDecimal price, Instant now) {
        // The ten minutes between the end of a month and LiteLLM's own reset are left alone: calls in them count for
        // either.
        if (now.toString().matches(".*-01T00:00:00Z")) {
            return;
        }
        String model = "model-" + tenant.name();
        world.liteLlm.price(model, price);
        SecretText key = world.key(tenant);
        HttpRequest request = HttpRequest.newBuilder(world.liteLlm.endpoint().resolve("/v1/chat/completions"))
                .header("Authorization", "Bearer " + key.reveal())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"model\":\"" + model + "\",\"messages\":[]}"))
                .build();
        try {
            int status = http.send(request, BodyHandlers.discarding()).statusCode();
            if (status == 200) {
                calls++;
                int month = LocalDate.parse(now.toString().substring(0, 10)).getMonthValue();
                spent.computeIfAbsent(tenant, any -> new LinkedHashMap<>()).merge(month, price, BigDecimal::add);
            } else {
                assertThat(status).as("only a budget refuses").isIn(400, 429);
                assertThat(tenant).isEqualTo(GREEDY);
                refused++;
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void assertBooksAgree() {
        LiteLlmGateway gateway = LiteLlmGateway.builder(world.liteLlm.endpoint(), BudgetWorld.MASTER_KEY)
                .build();
        spent.forEach((tenant, months) -> {
            String team = "oc-budget-opencrane-" + tenant.name();
            months.forEach((month, usd) -> {
                LocalDate first = LocalDate.of(2026, month, 1);
                BigDecimal booked = gateway
                        .usage(team, first, first.plusMonths(1).minusDays(1))
                        .stream()
                        .map(ModelUsage::costUsd)
                        .reduce(BigDecimal.ZERO, BigDecimal::add);
                assertThat(booked).as("%s in month %s", tenant, month).isEqualByComparingTo(usd);
            });
            assertThat(world.budgets.spend(tenant).totalCostUsd())
                    .as("%s since the last reset", tenant)
                    .isEqualByComparingTo(months.get(3));
        });
        assertThat(spent.get(GREEDY).get(1))
                .as("until the raised budget was spent")
                .isEqualByComparingTo("150");
        assertThat(spent.get(GREEDY).get(2)).as("the whole budget again").isEqualByComparingTo("150");
        assertThat(refused).isPositive();
    }

    private void assertEvents() {
        assertThat(told).extracting(BudgetEvent::tenant).containsOnly(GREEDY);
        assertThat(told)
                .extracting(event -> event.kind() + " " + event.percent())
                .containsExactly(
                        "NEAR_LIMIT 80", // January
                        "EXCEEDED 100",
                        "RECOVERED 0", // raised to 150 on the 20th, of which 100 are 66 percent
                        "NEAR_LIMIT 80",
                        "EXCEEDED 100",
                        "RECOVERED 0", // February
                        "NEAR_LIMIT 80",
                        "EXCEEDED 100",
                        "RECOVERED 0"); // March
    }
}
