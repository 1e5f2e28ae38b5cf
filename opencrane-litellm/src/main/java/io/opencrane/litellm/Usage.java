package io.opencrane.litellm;

import com.fasterxml.jackson.databind.JsonNode;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.core.port.ModelGateway.KeyState;
import io.opencrane.core.port.ModelGateway.ModelUsage;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Spend by model, from LiteLLM's tables of days (litellm.md §4). A page may hold rows that were not asked for, and its sums by model then
 * mix them; what is counted is only what the answer itself says of the team or the key.
 */
final class Usage {
    private static final String TEAM_ROUTE = "/team/daily/activity";
    private static final String KEY_ROUTE = "/user/daily/activity";

    private final Transport transport;
    private final Failures failures;
    private final Keys keys;

    Usage(Transport transport, Failures failures, Keys keys) {
        this.transport = transport;
        this.failures = failures;
        this.keys = keys;
    }

    /**
     * By team; releases without that route are asked key by key, which leaves out what deleted keys spent. So is a team with a comma in
     * its id, which LiteLLM would take for two.
     */
    List<ModelUsage> ofTeam(String teamId, LocalDate from, LocalDate to) {
        String subject = "Spend of LiteLLM team " + teamId;
        UsageSum sum = new UsageSum(subject);
        Question ofTeam = new Question(TEAM_ROUTE, Map.of("team_ids", teamId), from, to, subject);
        if (teamId.contains(",") || !ask(ofTeam, day -> sum.addTeam(day, teamId))) {
            for (KeyState key : keys.ofTeam(teamId)) {
                Question ofKey = new Question(KEY_ROUTE, Map.of("api_key", key.keyHash()), from, to, subject);
                if (!ask(ofKey, day -> sum.addKey(day, key.keyHash()))) {
                    throw LiteLlmException.lasting(
                            ErrorCode.UPSTREAM_ERROR, subject, "This release of LiteLLM does not tell spend by model.");
                }
            }
        }
        return sum.usage();
    }

    /** False if there is no such route. */
    private boolean ask(Question question, Days days) {
        long pages = 1;
        for (int page = 1; page <= pages; page++) {
            Optional<JsonNode> answer = page(question, page);
            if (answer.isEmpty()) {
                return false;
            }
            answer.get().path("results").forEach(days::add);
            pages = answer.get().path("metadata").path("total_pages").longValue();
            Listing.requireFew(pages, question.subject());
        }
        return true;
    }

    private Optional<JsonNode> page(Question question, int page) {
        Reply reply = transport.get(question.route(), question.query(page), question.subject());
        if (page == 1 && ErrorReply.of(reply).isUnknownRoute()) {
            return Optional.empty();
        }
        JsonNode answer = failures.require(reply, question.subject()).json();
        if (!answer.path("results").isArray()
                || !answer.path("metadata").path("total_pages").isIntegralNumber()) {
            throw LiteLlmException.lasting(
                    ErrorCode.UPSTREAM_ERROR,
                    question.subject(),
                    "LiteLLM does not say how many pages of spend there are, so some may be missing.");
        }
        return Optional.of(answer);
    }

    /** Takes a day, or a part of one: pages are cut by rows. */
    private interface Days {
        void add(JsonNode day);
    }

    private record Question(String route, Map<String, String> filter, LocalDate from, LocalDate to, String subject) {
        Map<String, String> query(int page) {
            Map<String, String> query = new LinkedHashMap<>(filter);
            query.put("start_date", from.toString());
            query.put("end_date", to.toString());
            query.put("page", String.valueOf(page));
            query.put("page_size", "1000");
            return query;
        }
    }
}
