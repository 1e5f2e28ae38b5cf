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

/** What a patch is held against: RFC 6902 step by step, to tell a failed {@code test} from a malformed patch as the real adapter does; and versions. */
final class Patches {
    private static final EnumSet<CompatibilityFlags> STRICT =
            EnumSet.of(CompatibilityFlags.FORBID_REMOVE_MISSING_OBJECT);

    private Patches() {}

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

    /** The body of a patch; one that is not JSON is refused without being quoted. */
    static JsonNode parse(ObjectRef ref, String body) {
        try {
            return Json.parse(body);
        } catch (IllegalArgumentException e) {
            throw new ValidationException(
                    ref.toString(), List.of(new Problem("body", Problem.Code.MALFORMED, "The patch is not JSON.")));
        }
    }

    /** A version in a body must be the stored one. */
    static void requireVersion(ObjectRef ref, ObjectNode live, ObjectNode next) {
        String asked = Json.text(next, "metadata", "resourceVersion");
        if (!asked.isEmpty() && !asked.equals(Json.text(live, "metadata", "resourceVersion"))) {
            throw stale(ref);
        }
    }

    static OpenCraneException stale(ObjectRef ref) {
        return new OpenCraneException(
                ErrorCode.CONFLICT, ref.toString(), "It is not the object or the version that was read.");
    }
}
