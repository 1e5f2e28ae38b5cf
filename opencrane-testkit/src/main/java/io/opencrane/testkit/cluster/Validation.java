package io.opencrane.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opencrane.api.error.Problem.Code;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Refuses what 1.20 refuses: metadata of every kind, the schema of custom kinds; built-in specs are in {@link BuiltInValidation}. */
final class Validation {
    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final Pattern DNS_LABEL = Pattern.compile(LABEL);
    private static final Pattern DNS_SUBDOMAIN = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
    private static final Pattern DNS_1035 = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern QUALIFIED =
            Pattern.compile("(" + LABEL + "(\\." + LABEL + ")*/)?([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]");
    private static final Pattern LABEL_VALUE = Pattern.compile("(([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9])?");
    private static final int ANNOTATION_BYTES = 256 * 1024;

    private final Invalid invalid;
    private final KindInfo kind;

    private Validation(Invalid invalid, KindInfo kind) {
        this.invalid = invalid;
        this.kind = kind;
    }

    static void check(KindInfo kind, @Nullable ObjectNode live, ObjectNode next, Invalid invalid) {
        Validation validation = new Validation(invalid, kind);
        validation.metadata(next.path("metadata"));
        if (live != null) {
            validation.unchanged(live.path("metadata"), next.path("metadata"));
        }
        JsonNode schema = kind.shape().schema();
        if (schema != null) {
            new SchemaRules(invalid).check(next, schema, "");
        } else if (kind.isBuiltIn()) {
            new BuiltInValidation(invalid).check(kind.type().kind(), live, next);
        }
    }

    private void metadata(JsonNode metadata) {
        String name = Json.text(metadata, "name");
        switch (kind.isBuiltIn() ? kind.type().kind() : "") {
            case "Namespace" ->
                invalid.check(
                        DNS_LABEL.matcher(name).matches() && name.length() <= 63,
                        "metadata.name",
                        Code.MALFORMED,
                        "It must be a lowercase RFC 1123 label of at most 63 characters.");
            case "Service" ->
                invalid.check(
                        DNS_1035.matcher(name).matches() && name.length() <= 63,
                        "metadata.name",
                        Code.MALFORMED,
                        "It must be a DNS-1035 label of at most 63 characters.");
            default ->
                invalid.check(
                        DNS_SUBDOMAIN.matcher(name).matches() && name.length() <= 253,
                        "metadata.name",
                        Code.MALFORMED,
                        "It must be a lowercase RFC 1123 subdomain of at most 253 characters.");
        }
        labels(invalid, metadata.path("labels"), "metadata.labels");
        int bytes = 0;
        for (var annotation : metadata.path("annotations").properties()) {
            qualified(invalid, annotation.getKey(), "metadata.annotations");
            bytes += annotation.getKey().length()
                    + annotation.getValue().asText().length();
        }
        invalid.check(bytes <= ANNOTATION_BYTES, "metadata.annotations", Code.TOO_LONG, "At most 262144 bytes.");
        for (JsonNode finalizer : metadata.path("finalizers")) {
            qualified(invalid, finalizer.asText(), "metadata.finalizers");
        }
    }

    static void labels(Invalid invalid, JsonNode labels, String path) {
        labels.properties().forEach(label -> {
            qualified(invalid, label.getKey(), path);
            invalid.check(
                    LABEL_VALUE.matcher(label.getValue().asText()).matches(),
                    path,
                    Code.MALFORMED,
                    "A label value has at most 63 letters, digits, '-', '_' or '.', with a letter or digit at both ends.");
        });
    }

    static void qualified(Invalid invalid, String name, String path) {
        boolean sound = QUALIFIED.matcher(name).matches() && name.length() <= 317;
        invalid.check(sound, path, Code.MALFORMED, "'" + name + "' is not a qualified name.");
    }

    private void unchanged(JsonNode live, JsonNode next) {
        for (String fixed : Set.of("uid", "creationTimestamp")) {
            invalid.check(
                    live.path(fixed).equals(next.path(fixed)),
                    "metadata." + fixed,
                    Code.CONTRADICTION,
                    "It is immutable.");
        }
        if (live.has("deletionTimestamp")) {
            Set<JsonNode> before =
                    Set.copyOf(live.path("finalizers").valueStream().toList());
            invalid.check(
                    next.path("finalizers").valueStream().allMatch(before::contains),
                    "metadata.finalizers",
                    Code.CONTRADICTION,
                    "No new finalizers can be added if the object is being deleted.");
        }
    }
}
