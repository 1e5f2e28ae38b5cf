package io.opencrane.testkit.litellm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opencrane.testkit.litellm.SpendBook.Entry;
import java.math.BigDecimal;
import java.util.List;

/** The sums of the daily activity, as members of an object. */
final class DailyMetrics {
    private static final List<String> COUNTS = List.of(
            "prompt_tokens",
            "completion_tokens",
            "cache_read_input_tokens",
            "cache_creation_input_tokens",
            "total_tokens",
            "api_requests",
            "successful_requests",
            "failed_requests");

    private DailyMetrics() {}

    static ObjectNode zero() {
        ObjectNode metrics = Rows.object().put("spend", BigDecimal.ZERO);
        COUNTS.forEach(count -> metrics.put(count, 0L));
        return metrics;
    }

    static void add(ObjectNode sum, ObjectNode summand) {
        sum.put("spend", spend(sum).add(spend(summand)));
        COUNTS.forEach(count ->
                sum.put(count, sum.path(count).longValue() + summand.path(count).longValue()));
    }

    static void add(ObjectNode sum, Entry call) {
        add(
                sum,
                Rows.object()
                        .put("spend", call.usd())
                        .put("prompt_tokens", Entry.PROMPT_TOKENS)
                        .put("completion_tokens", Entry.COMPLETION_TOKENS)
                        .put("total_tokens", Entry.PROMPT_TOKENS + Entry.COMPLETION_TOKENS)
                        .put("api_requests", 1)
                        .put("successful_requests", 1));
    }

    private static BigDecimal spend(JsonNode metrics) {
        return metrics.path("spend").decimalValue();
    }
}
