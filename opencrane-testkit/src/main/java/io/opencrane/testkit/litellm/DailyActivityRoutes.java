package io.opencrane.testkit.litellm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opencrane.testkit.litellm.SpendBook.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Spend by day, model and key, of everybody or of teams (litellm.md §4, F24). Days are of UTC, the first and the last included. */
final class DailyActivityRoutes {
    private final ProxyState state;

    DailyActivityRoutes(ProxyState state) {
        this.state = state;
    }

    Map<String, Route> routes() {
        return Map.of("GET /user/daily/activity", this::ofEverybody, "GET /team/daily/activity", this::ofTeams);
    }

    private Answer ofEverybody(Call call) {
        return answer(call, 50, entry -> true, false);
    }

    private Answer ofTeams(Call call) {
        if (state.has(LiteLlmQuirk.NO_TEAM_DAILY_ACTIVITY)) {
            throw Answer.routeMissing().refuse();
        }
        String ids = call.query().getOrDefault("team_ids", "");
        List<String> wanted = ids.isEmpty() ? List.of() : Arrays.asList(ids.split(","));
        return answer(
                call,
                10,
                entry -> entry.teamId() != null && (wanted.isEmpty() || wanted.contains(entry.teamId())),
                true);
    }

    private Answer answer(Call call, int defaultSize, Predicate<Entry> whose, boolean teams) {
        int page = call.queryNumber("page", 1, 1, Integer.MAX_VALUE);
        int size = call.queryNumber("page_size", defaultSize, 1, 1000);
        String start = call.query().get("start_date");
        String end = call.query().get("end_date");
        if (start == null || end == null) {
            throw Answer.detailError(400, "Please provide start_date and end_date")
                    .refuse();
        }
        state.requireDatabase(
                Answer.detailError(500, "Database not connected. Connect a database to your proxy"),
                Answer.detailError(500, "Failed to fetch analytics: Can't reach database server"));
        List<ObjectNode> rows = rows(whose.and(entry -> between(entry.date(), start, end))
                .and(entry -> equal(call.query().get("api_key"), entry.keyHash()))
                .and(entry -> equal(call.query().get("model"), entry.model())));
        ObjectNode answer = Rows.object();
        ArrayNode results = answer.putArray("results");
        ObjectNode totals = DailyMetrics.zero();
        Map<String, ObjectNode> days = new TreeMap<>(Collections.reverseOrder());
        rows.stream().skip((page - 1L) * size).limit(size).forEach(row -> {
            ObjectNode day = days.computeIfAbsent(row.path("date").asText(), DailyActivityRoutes::day);
            DailyMetrics.add(totals, row);
            DailyMetrics.add((ObjectNode) day.path("metrics"), row);
            breakDown((ObjectNode) day.path("breakdown"), row, teams);
        });
        days.values().forEach(results::add);
        answer.set("metadata", metadata(totals, page, size, rows.size()));
        return Answer.ok(answer);
    }

    /** One row a day, key, model and team, newest day first: pages are cut here, so that a day may go on over the page. */
    private List<ObjectNode> rows(Predicate<Entry> wanted) {
        Map<List<String>, ObjectNode> rows = new TreeMap<>(DailyActivityRoutes::newestFirst);
        state.book.written().stream().filter(wanted).forEach(entry -> {
            String team = entry.teamId() == null ? "" : entry.teamId();
            ObjectNode row = rows.computeIfAbsent(
                    List.of(entry.date(), entry.keyHash(), entry.model(), team),
                    key -> DailyMetrics.zero()
                            .put("date", entry.date())
                            .put("api_key", entry.keyHash())
                            .put("model", entry.model())
                            .put("team_id", entry.teamId()));
            DailyMetrics.add(row, entry);
        });
        return new ArrayList<>(rows.values());
    }

    private static int newestFirst(List<String> one, List<String> other) {
        int order = other.get(0).compareTo(one.get(0));
        for (int i = 1; order == 0 && i < one.size(); i++) {
            order = one.get(i).compareTo(other.get(i));
        }
        return order;
    }

    private static ObjectNode day(String date) {
        ObjectNode day = Rows.object().put("date", date);
        day.set("metrics", DailyMetrics.zero());
        ObjectNode breakdown = day.putObject("breakdown");
        for (String part :
                List.of("models", "model_groups", "mcp_servers", "providers", "endpoints", "api_keys", "entities")) {
            breakdown.putObject(part);
        }
        return day;
    }

    private void breakDown(ObjectNode breakdown, ObjectNode row, boolean teams) {
        String model = row.path("model").asText();
        addTo(breakdown, "models", model, row, Rows.object());
        addTo(breakdown, "model_groups", model, row, Rows.object());
        String hash = row.path("api_key").asText();
        DailyMetrics.add(part((ObjectNode) breakdown.path("api_keys"), hash, keyMetadata(hash)), row);
        if (teams) {
            String teamId = row.path("team_id").asText();
            ObjectNode team = state.teams.get(teamId);
            ObjectNode metadata =
                    Rows.object().put("team_alias", team == null ? null : Rows.text(team.path("team_alias")));
            addTo(breakdown, "entities", teamId, row, metadata);
        }
    }

    private void addTo(ObjectNode breakdown, String member, String name, ObjectNode row, ObjectNode metadata) {
        ObjectNode group = (ObjectNode) breakdown.path(member);
        DailyMetrics.add(part(group, name, metadata), row);
        String hash = row.path("api_key").asText();
        DailyMetrics.add(
                part(group.withObjectProperty(name).withObjectProperty("api_key_breakdown"), hash, keyMetadata(hash)),
                row);
    }

    /** The metrics of one part. */
    private static ObjectNode part(ObjectNode group, String name, ObjectNode metadata) {
        if (group.get(name) instanceof ObjectNode known) {
            return (ObjectNode) known.path("metrics");
        }
        ObjectNode made = group.putObject(name);
        ObjectNode metrics = DailyMetrics.zero();
        made.set("metrics", metrics);
        made.set("metadata", metadata);
        return metrics;
    }

    /** Joined at the time of the question: nothing is known of a key that is deleted by then. */
    private ObjectNode keyMetadata(String hash) {
        ObjectNode key = state.keys.get(hash);
        return Rows.object()
                .put("key_alias", key == null ? null : Rows.text(key.path("key_alias")))
                .put("team_id", key == null ? null : Rows.text(key.path("team_id")));
    }

    /** The totals are of the page, not of everything. */
    private static ObjectNode metadata(ObjectNode totals, int page, int size, int rows) {
        ObjectNode metadata = Rows.object();
        totals.properties()
                .forEach(
                        total -> metadata.set("total_" + total.getKey().replaceFirst("^total_", ""), total.getValue()));
        return metadata.put("page", page)
                .put("total_pages", (rows + size - 1) / size)
                .put("has_more", (long) page * size < rows);
    }

    private static boolean between(String date, String start, String end) {
        return date.compareTo(start) >= 0 && date.compareTo(end) <= 0;
    }

    private static boolean equal(@Nullable String wanted, String actual) {
        return wanted == null || wanted.equals(actual);
    }
}
