package io.opencrane.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.CompatibilityFlags;
import io.fabric8.zjsonpatch.JsonPatch;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import io.opencrane.k8s.object.ObjectRef;
import java.util.EnumSet;
import java.util.List;

/** Applies RFC 6902 patches step by step, to tell a failed {@code test} from a malformed patch as the real adapter does. */
final class JsonPatches {
    private static final EnumSet<CompatibilityFlags> STRICT =
            EnumSet.of(CompatibilityFlags.FORBID_REMOVE_MISSING_OBJECT);

    private JsonPatches() {}

    /** RFC 6902: what is added to must be there. The library makes it instead. */
    private static void requireParent(JsonNode step, JsonNode target) {
        String path = Json.text(step, "path");
        String parent = path.substring(0, Math.max(0, path.lastIndexOf('/')));
        if (!target.at(parent).isContainerNode()) {
            throw new IllegalArgumentException("Nothing at " + parent);
        }
    }

    static ObjectNode apply(ObjectRef ref, ObjectNode live, JsonNode patch) {
        JsonNode result = live.deepCopy();
        for (JsonNode step : patch) {
            try {
                requireParent(step, result);
                result = JsonPatch.apply(Json.MAPPER.createArrayNode().add(step), result, STRICT);
            } catch (RuntimeException e) {
                if (Json.text(step, "op").equals("test")) {
                    throw new OpenCraneException(
                            ErrorCode.CONFLICT,
                            ref.toString(),
                            "It changed since it was read: a test of the patch failed on " + Json.text(step, "path")
                                    + ".");
                }
                throw new ValidationException(
                        ref.toString(),
                        List.of(new Problem("body", Problem.Code.MALFORMED, "The patch does not fit the object.")));
            }
        }
        return (ObjectNode) result;
    }
}
