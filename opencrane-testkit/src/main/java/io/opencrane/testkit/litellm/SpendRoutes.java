package io.opencrane.testkit.litellm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opencrane.testkit.litellm.SpendBook.Entry;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code /spend/logs}, {@code /spend/keys} and the paid report (litellm.md §4, F2, F17, F23). */
final class SpendRoutes {
    private static final String USER = "default_user_id";

    private final ProxyState state;

    SpendRoutes(ProxyState state) {
        this.state = state;
    }

    Map<String, Route> routes() {
        return Map.of(
                "GET /spend/logs", this::logs,
                "GET /spend/keys", this::keys,
                "GET /global/spend/report", this::report);
    }

    private Answer keys(Call call) {
        state.requireDatabase(
                Answer.detailError(400, "Database not connected. Connect a database to your proxy"),
                Answer.detailError(400, "Can't reach database server"));
        ArrayNode rows = JsonNodeFactory.instance.arrayNode();
        state.keys.values().forEach(row -> rows.add(row.deepCopy()));
        return Answer.ok(rows);
    }

    private Answer report(Call call) {
        if (!call.query().containsKey("start_date") || !call.query().containsKey("end_date")) {
            throw Answer.detailError(400, "Please provide start_date and end_date")
                    .refuse();
        }
        throw Answer.detailError(400, "/spend/report endpoint " + KeyWriting.NOT_PREMIUM)
                .refuse();
    }

    private Answer logs(Call call) {
        state.requireDatabase(failed("Database not connected"), failed("Can't reach database server"));
        String key = call.query().get("api_key");
        String start = call.query().get("start_date");
        String end = call.query().get("end_date");
        if (start == null || end == null) {
            return Answer.ok(rows(state.book.written().stream()
                    .filter(entry -> key == null || ProxyState.hashOf(key).equals(entry.keyHash()))
                    .toList()));
        }
        Instant from = midnight(start);
        Instant to = midnight(end);
        // The key is compared as it was sent, and the last day is over when it begins.
        List<Entry> found = state.book.written().stream()
                .filter(entry -> key == null || key.equals(entry.keyHash()))
                .filter(entry -> !entry.at().isBefore(from) && !entry.at().isAfter(to))
                .toList();
        return Answer.ok(
                "false".equalsIgnoreCase(call.query().get("summarize"))
                        ? rows(found)
                        : summary(found, LocalDate.parse(end)));
    }

    private static ArrayNode rows(List<Entry> entries) {
        ArrayNode rows = JsonNodeFactory.instance.arrayNode();
        for (Entry entry : entries) {
            rows.addObject()
                    .put("api_key", entry.keyHash())
                    .put("team_id", entry.teamId())
                    .put("user", USER)
                    .put("model", entry.model())
                    .put("model_group", entry.model())
                    .put("call_type", "acompletion")
                    .put("spend", entry.usd())
                    .put("prompt_tokens", Entry.PROMPT_TOKENS)
                    .put("completion_tokens", Entry.COMPLETION_TOKENS)
                    .put("total_tokens", Entry.PROMPT_TOKENS + Entry.COMPLETION_TOKENS)
                    .put("startTime", Rows.time(entry.at()))
                    .put("endTime", Rows.time(entry.at()));
        }
        return rows;
    }

    /** Only days with calls, and the days from the last of them to the end; nothing at all where there was no call. */
    private static ArrayNode summary(List<Entry> entries, LocalDate end) {
        Map<LocalDate, ObjectNode> days = new TreeMap<>();
        for (Entry entry : entries) {
            ObjectNode day = days.computeIfAbsent(LocalDate.parse(entry.date()), SpendRoutes::emptyDay);
            add(day, "spend", entry.usd());
            add(day, entry.keyHash(), entry.usd());
            add(day.withObjectProperty("users"), USER, entry.usd());
            add(day.withObjectProperty("models"), entry.model(), entry.usd());
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        LocalDate last = end;
        for (Map.Entry<LocalDate, ObjectNode> day : days.entrySet()) {
            list.add(day.getValue());
            last = day.getKey();
        }
        for (LocalDate empty = last.plusDays(1); !empty.isAfter(end); empty = empty.plusDays(1)) {
            list.add(emptyDay(empty));
        }
        return list;
    }

    private static ObjectNode emptyDay(LocalDate date) {
        ObjectNode day = Rows.object().put("startTime", date.toString()).put("spend", BigDecimal.ZERO);
        day.putObject("users");
        day.putObject("models");
        return day;
    }

    private static void add(ObjectNode sums, String name, BigDecimal usd) {
        sums.put(name, sums.path(name).decimalValue().add(usd));
    }

    private static Instant midnight(String date) {
        try {
            return LocalDate.parse(date).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeParseException e) {
            throw failed("time data '" + date + "' does not match format '%Y-%m-%d'")
                    .refuse();
        }
    }

    private static Answer failed(String why) {
        return Answer.proxyError(500, "internal_error", "None", "/spend/logs Error(" + why + ")");
    }
}
