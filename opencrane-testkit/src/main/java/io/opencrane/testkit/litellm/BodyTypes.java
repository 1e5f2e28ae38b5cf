package io.opencrane.testkit.litellm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Predicate;

/** The types of body members, which FastAPI looks at before anything else (litellm.md §1, F2). Null is of every type. */
final class BodyTypes {
    private static final List<Type> TYPES = List.of(
            new Type(
                    "Input should be a valid string",
                    JsonNode::isTextual,
                    List.of(
                            "key",
                            "key_alias",
                            "team_id",
                            "team_alias",
                            "user_id",
                            "organization_id",
                            "project_id",
                            "budget_id",
                            "budget_duration",
                            "duration")),
            new Type(
                    "Input should be a valid number",
                    JsonNode::isNumber,
                    List.of("max_budget", "soft_budget", "spend", "temp_budget_increase")),
            new Type(
                    "Input should be a valid integer",
                    JsonNode::canConvertToExactIntegral,
                    List.of("tpm_limit", "rpm_limit", "max_parallel_requests")),
            new Type("Input should be a valid boolean", JsonNode::isBoolean, List.of("blocked")),
            new Type(
                    "Input should be a valid list",
                    JsonNode::isArray,
                    List.of("models", "tags", "guardrails", "allowed_cache_controls")),
            new Type(
                    "Input should be a valid dictionary",
                    JsonNode::isObject,
                    List.of("metadata", "aliases", "config", "permissions", "model_max_budget")));

    private BodyTypes() {}

    static void require(Call call) {
        for (Type type : TYPES) {
            for (String member : type.members) {
                JsonNode value = call.body().path(member);
                if (!value.isMissingNode() && !value.isNull() && !type.holds.test(value)) {
                    throw Answer.invalid("body", member, type.message, value).refuse();
                }
            }
        }
    }

    private record Type(String message, Predicate<JsonNode> holds, List<String> members) {}
}
