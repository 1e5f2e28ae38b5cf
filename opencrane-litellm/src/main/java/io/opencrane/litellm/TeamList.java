package io.opencrane.litellm;

import com.fasterxml.jackson.databind.JsonNode;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.core.port.ModelGateway.TeamState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lists teams, in pages where LiteLLM has them. Older releases answer with all teams at once; they do not say how many there are, but have
 * nothing to leave out either.
 */
final class TeamList {
    private static final String SUBJECT = "Teams at LiteLLM";
    private static final String PAGED = "/v2/team/list";
    private static final String WHOLE = "/team/list";
    private static final String PAGE_SIZE = "100";

    private final Transport transport;
    private final Failures failures;

    TeamList(Transport transport, Failures failures) {
        this.transport = transport;
        this.failures = failures;
    }

    List<TeamState> having(Map<String, String> metadata) {
        Reply first = page(1);
        if (ErrorReply.of(first).isUnknownRoute()) {
            return whole(metadata);
        }
        return Listing.all(
                SUBJECT,
                number -> {
                    Reply reply = number == 1 ? first : page(number);
                    JsonNode answer = failures.require(reply, SUBJECT).json();
                    return Listing.Page.of(answer, "teams", "total", "total_pages", SUBJECT);
                },
                TeamList::id,
                row -> matching(row, metadata));
    }

    private Reply page(int number) {
        return transport.get(PAGED, Map.of("page", String.valueOf(number), "page_size", PAGE_SIZE), SUBJECT);
    }

    private List<TeamState> whole(Map<String, String> metadata) {
        Reply reply = transport.get(WHOLE, Map.of(), SUBJECT);
        if (!reply.isSuccess()) {
            throw failures.of(reply, SUBJECT);
        }
        if (!reply.json().isArray()) {
            throw LiteLlmException.lasting(
                    ErrorCode.UPSTREAM_ERROR, SUBJECT, "LiteLLM's answer holds no list of teams.");
        }
        List<TeamState> found = new ArrayList<>();
        reply.json().forEach(row -> matching(row, metadata).ifPresent(found::add));
        return List.copyOf(found);
    }

    private static Optional<TeamState> matching(JsonNode row, Map<String, String> metadata) {
        // Not the row's own id: a failure names nothing that only the answer says.
        return Optional.of(Teams.state(id(row), row, SUBJECT))
                .filter(team -> team.metadata().entrySet().containsAll(metadata.entrySet()));
    }

    private static String id(JsonNode row) {
        String id = Json.text(row, "team_id");
        if (id == null) {
            throw LiteLlmException.lasting(ErrorCode.UPSTREAM_ERROR, SUBJECT, "LiteLLM lists a team without its id.");
        }
        return id;
    }
}
