package io.opencrane.testkit.litellm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What key rows and team rows have in common. */
final class Rows {
    private Rows() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** LiteLLM keeps times in milliseconds. */
    static @Nullable String time(@Nullable Instant instant) {
        return instant == null ? null : instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /** Copies the members of a body that are columns, keeping null apart from absent. */
    static void copy(ObjectNode body, ObjectNode row, List<String> columns) {
        for (String column : columns) {
            JsonNode value = body.get(column);
            if (value != null) {
                row.set(column, value.deepCopy());
            }
        }
    }

    /** A period that is null, empty or absent changes nothing; any other starts a new window now. */
    static void applyPeriod(@Nullable String period, ObjectNode row, Instant now) {
        if (period != null && !period.isEmpty()) {
            row.put("budget_duration", period);
            row.put("budget_reset_at", time(BudgetCalendar.resetAt(period, now)));
        }
    }

    static void requireBudget(Call call) {
        for (String budget : List.of("max_budget", "soft_budget")) {
            JsonNode value = call.body().path(budget);
            if (value.isNumber() && value.decimalValue().signum() < 0) {
                throw Answer.wrappedError(400, budget + " cannot be negative. Received: " + value.doubleValue())
                        .refuse();
            }
        }
    }

    static @Nullable BigDecimal decimal(JsonNode value) {
        return value.isNumber() ? value.decimalValue() : null;
    }

    static BigDecimal spend(ObjectNode row) {
        BigDecimal spend = decimal(row.path("spend"));
        return spend == null ? BigDecimal.ZERO : spend;
    }

    static @Nullable String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : null;
    }

    static Map<String, String> metadata(ObjectNode row) {
        Map<String, String> texts = new LinkedHashMap<>();
        row.path("metadata").properties().forEach(member -> {
            if (member.getValue().isTextual()) {
                texts.put(member.getKey(), member.getValue().textValue());
            }
        });
        return texts;
    }
}
