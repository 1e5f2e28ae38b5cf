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
import io.opencrane.k8s.object.ObjectStore.PatchType;
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
                throw malformed(ref, "The patch does not fit the object.");
            }
        }
        if (result instanceof ObjectNode patched) {
            return patched;
        }
        throw malformed(ref, "The patch leaves no object.");
    }

    /** The body of a patch, an object or a list of steps; one that is neither is refused without being quoted. */
    static JsonNode parse(ObjectRef ref, PatchType type, String body) {
        JsonNode patch;
        try {
            patch = Json.parse(body);
        } catch (IllegalArgumentException e) {
            throw malformed(ref, "The patch is not JSON.");
        }
        if (type == PatchType.MERGE ? !patch.isObject() : !patch.isArray()) {
            throw malformed(ref, "A merge patch is a JSON object, a JSON patch a list of steps.");
        }
        return patch;
    }

    private static ValidationException malformed(ObjectRef ref, String message) {
        return new ValidationException(ref.toString(), List.of(new Problem("body", Problem.Code.MALFORMED, message)));
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
