package io.opencrane.k8s.key;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.SecretText;
import io.opencrane.core.port.KeyJournal;
import io.opencrane.core.port.KeyJournal.Entry;
import io.opencrane.core.port.KeyJournal.Key;
import io.opencrane.core.port.KeyJournal.State;
import io.opencrane.k8s.apply.Ownership;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.object.ObjectRef;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A journal entry as a Secret: keys in {@code data}, everything else in annotations. Pure. */
final class KeySecret {
    private static final String CURRENT = "apiKey";
    private static final String NEXT = "apiKey.next";
    private static final String PREVIOUS = "apiKey.previous";
    private static final String PREFIX = "opencrane.io/litellm-";
    private static final String STATE = PREFIX + "key-state";
    private static final String BUDGET = PREFIX + "monthly-budget-usd";
    private static final String SPENT_BEFORE = PREFIX + "spent-before-usd";
    private static final ObjectMapper JSON = new ObjectMapper();

    private KeySecret() {}

    static GenericKubernetesResource object(TenantChildren children, Ownership owner, Entry entry) {
        ObjectRef ref = children.modelKey();
        GenericKubernetesResource secret = new GenericKubernetesResource();
        secret.setApiVersion(ref.type().apiVersion());
        secret.setKind(ref.type().kind());
        secret.setMetadata(new ObjectMetaBuilder()
                .withNamespace(ref.namespace())
                .withName(ref.name())
                .withLabels(children.labels())
                .withAnnotations(owner.annotations())
                .addToAnnotations(withoutNulls(annotations(entry)))
                .build());
        secret.setAdditionalProperty("type", "Opaque");
        secret.setAdditionalProperty("data", withoutNulls(data(entry)));
        return secret;
    }

    /** A merge patch under the version that was read. It says whose the Secret is, which one of the deployed platform does not. */
    static String patch(Ownership owner, Entry entry) {
        ObjectNode patch = JSON.createObjectNode();
        ObjectNode metadata = patch.putObject("metadata").put("resourceVersion", entry.version());
        Map<String, @Nullable String> annotations = annotations(entry);
        annotations.putAll(owner.annotations());
        metadata.set("annotations", JSON.valueToTree(annotations));
        patch.set("data", JSON.valueToTree(data(entry)));
        return patch.toString();
    }

    /** Fails with {@code INTERNAL} when nobody can make sense of it. */
    static Entry entry(ObjectRef ref, GenericKubernetesResource secret) {
        Map<String, String> found = annotations(secret);
        Key current = key(ref, secret, found, CURRENT, "");
        if (current == null) {
            throw unreadable(ref, "no apiKey", null);
        }
        return new Entry(
                state(found.get(STATE)),
                current,
                key(ref, secret, found, NEXT, "next-"),
                key(ref, secret, found, PREVIOUS, "previous-"),
                money(found.get(BUDGET)),
                money(found.get(SPENT_BEFORE)),
                secret.getMetadata().getResourceVersion());
    }

    /** The deployed platform marks nothing. */
    private static State state(@Nullable String text) {
        if (text == null) {
            return State.UNMANAGED;
        }
        return text.equals("pending") ? State.PENDING : State.LIVE;
    }

    /** Unknown is like unlimited: the ceiling wanted is then agreed anew, unless none is wanted. */
    private static @Nullable BigDecimal money(@Nullable String text) {
        try {
            return text == null ? null : new BigDecimal(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static OpenCraneException unreadable(ObjectRef ref, String what, @Nullable RuntimeException cause) {
        // The cause names an annotation at most, never data.
        return new OpenCraneException(
                ErrorCode.INTERNAL,
                ref.toString(),
                "It holds " + what + "; delete it to have a new key made.",
                OpenCraneException.Retry.POINTLESS,
                cause);
    }

    private static @Nullable Key key(
            ObjectRef ref,
            GenericKubernetesResource secret,
            Map<String, String> annotations,
            String field,
            String which) {
        Object encoded = secret.get("data", field);
        if (encoded == null || "".equals(encoded)) {
            return null;
        }
        return new Key(
                decoded(ref, encoded.toString()),
                annotations.getOrDefault(PREFIX + which + "key-alias", ""),
                revision(ref, annotations.getOrDefault(PREFIX + which + "key-revision", "0")),
                issuedAt(annotations.get(PREFIX + which + "issued-at")));
    }

    /** An API server stores nothing but base64; a customer's may be anything. */
    private static SecretText decoded(ObjectRef ref, String encoded) {
        try {
            return SecretText.of(new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw unreadable(ref, "a key that is not base64", null); // the cause quotes a character of it
        }
    }

    private static long revision(ObjectRef ref, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw unreadable(ref, "a key-revision that is no number", e);
        }
    }

    /** Only shown to people, so an unreadable one does no harm. */
    private static Instant issuedAt(@Nullable String text) {
        try {
            return text == null ? Instant.EPOCH : Instant.parse(text);
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    private static Map<String, String> annotations(GenericKubernetesResource secret) {
        Map<String, String> annotations = secret.getMetadata().getAnnotations();
        return annotations == null ? Map.of() : annotations;
    }

    private static Map<String, @Nullable String> annotations(Entry entry) {
        Map<String, @Nullable String> annotations = new LinkedHashMap<>();
        annotations.put(STATE, entry.state().name().toLowerCase(Locale.ROOT));
        annotations.put(BUDGET, plain(entry.monthlyBudgetUsd()));
        annotations.put(SPENT_BEFORE, plain(entry.spentBeforeUsd()));
        describe(annotations, "", entry.current());
        describe(annotations, "next-", entry.next());
        describe(annotations, "previous-", entry.previous());
        return annotations;
    }

    private static @Nullable String plain(@Nullable BigDecimal money) {
        return money == null ? null : money.toPlainString();
    }

    /** A key that is not there clears its annotations. */
    private static void describe(Map<String, @Nullable String> annotations, String which, @Nullable Key key) {
        annotations.put(PREFIX + which + "key-alias", key == null ? null : key.alias());
        annotations.put(PREFIX + which + "key-hash", key == null ? null : KeyJournal.hash(key.secret()));
        annotations.put(PREFIX + which + "key-revision", key == null ? null : String.valueOf(key.revision()));
        annotations.put(
                PREFIX + which + "issued-at",
                key == null ? null : key.issuedAt().toString());
    }

    private static Map<String, @Nullable String> data(Entry entry) {
        Map<String, @Nullable String> data = new LinkedHashMap<>();
        data.put(CURRENT, encoded(entry.current()));
        data.put(NEXT, encoded(entry.next()));
        data.put(PREVIOUS, encoded(entry.previous()));
        return data;
    }

    private static @Nullable String encoded(@Nullable Key key) {
        return key == null
                ? null
                : Base64.getEncoder().encodeToString(key.secret().reveal().getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, String> withoutNulls(Map<String, @Nullable String> map) {
        Map<String, String> copy = new LinkedHashMap<>();
        map.forEach((name, value) -> {
            if (value != null) {
                copy.put(name, value);
            }
        });
        return copy;
    }
}
