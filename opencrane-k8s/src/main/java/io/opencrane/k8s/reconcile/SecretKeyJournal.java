package io.opencrane.k8s.reconcile;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.SecretText;
import io.opencrane.core.budget.KeyJournal;
import io.opencrane.core.budget.ModelKeyLifecycle.Write;
import io.opencrane.k8s.apply.Applier;
import io.opencrane.k8s.blueprint.TenantBlueprint;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectStore.PatchType;
import io.opencrane.k8s.object.ObjectStore.Target;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The journal of a tenant's model key in its Secret {@code openclaw-<tenant>-litellm-key} (DECISIONS 32). {@code data.apiKey} is what pods
 * use; a key being made ready is {@code apiKey.next}, one being retired {@code apiKey.previous}. Created by POST, so that of two writers
 * one wins, and changed by merge patches under the version that was read.
 */
final class SecretKeyJournal implements KeyJournal {
    private static final String CURRENT = "apiKey";
    private static final String NEXT = "apiKey.next";
    private static final String PREVIOUS = "apiKey.previous";
    private static final String PREFIX = "opencrane.io/litellm-";
    private static final String STATE = PREFIX + "key-state";
    private static final String BUDGET = PREFIX + "monthly-budget-usd";

    private final ObjectStore objects;
    private final ObjectStore fresh;
    private final TenantBlueprint blueprint;
    private final ObjectRef ref;
    private final ObjectMapper json = new ObjectMapper();
    private FirstRead firstRead;
    private Write written = Write.NONE;
    private boolean forgiving;
    private boolean deleted;
    private @Nullable Optional<GenericKubernetesResource> prefetched;
    private @Nullable OpenCraneException trouble;

    /** What the first read does. A later one follows a lost race, and asks the server. */
    private enum FirstRead {
        SKIPPED,
        MAY_BE_CACHED,
        FRESH
    }

    /** For a reconcile; of a tenant that never had children the first read is left out, because creating finds out. */
    SecretKeyJournal(Context context, TenantBlueprint blueprint, boolean isNew) {
        this(context, blueprint, isNew ? FirstRead.SKIPPED : FirstRead.MAY_BE_CACHED);
    }

    private SecretKeyJournal(Context context, TenantBlueprint blueprint, FirstRead firstRead) {
        this.objects = context.objects();
        this.fresh = context.fresh();
        this.blueprint = blueprint;
        this.ref = blueprint.children().modelKey();
        this.firstRead = firstRead;
    }

    /** For a deletion: a Secret that is somebody else's, or that nobody can read, is no record. */
    static SecretKeyJournal forCleanup(Context context, TenantBlueprint blueprint) {
        SecretKeyJournal journal = new SecretKeyJournal(context, blueprint, FirstRead.FRESH);
        journal.forgiving = true;
        return journal;
    }

    ObjectRef ref() {
        return ref;
    }

    /** What became of the Secret. */
    Write written() {
        return written;
    }

    boolean wasDeleted() {
        return deleted;
    }

    /** Whether an exception came from the cluster that holds the Secret, and not from a gateway. */
    boolean caused(OpenCraneException exception) {
        return exception == trouble;
    }

    /** Whether the deployed platform made the Secret: its key is not of our team and has a budget of its own. */
    boolean isOfThePlatform() {
        return firstRead()
                .filter(secret -> !annotations(secret).containsKey(STATE))
                .isPresent();
    }

    /** The same answer until {@link #read} has used it. */
    private Optional<GenericKubernetesResource> firstRead() {
        Optional<GenericKubernetesResource> known = prefetched;
        if (known == null) {
            known = switch (firstRead) {
                case SKIPPED -> Optional.empty();
                case MAY_BE_CACHED -> asked(() -> objects.get(ref));
                case FRESH -> asked(() -> fresh.get(ref));
            };
            firstRead = FirstRead.FRESH;
            prefetched = known;
        }
        return known;
    }

    @Override
    public Optional<Entry> read() {
        Optional<GenericKubernetesResource> secret = firstRead();
        prefetched = null;
        try {
            return secret.map(this::entry);
        } catch (OpenCraneException e) {
            if (forgiving) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Map<String, String> annotations(GenericKubernetesResource secret) {
        Map<String, String> annotations = secret.getMetadata().getAnnotations();
        return annotations == null ? Map.of() : annotations;
    }

    private <T> T asked(Supplier<T> question) {
        try {
            return question.get();
        } catch (OpenCraneException e) {
            trouble = e;
            throw e;
        }
    }

    @Override
    public Entry create(Entry entry) {
        GenericKubernetesResource secret = new GenericKubernetesResource();
        secret.setApiVersion(ref.type().apiVersion());
        secret.setKind(ref.type().kind());
        secret.setMetadata(new ObjectMetaBuilder()
                .withNamespace(ref.namespace())
                .withName(ref.name())
                .withLabels(blueprint.labels())
                .withAnnotations(blueprint.ownership().annotations())
                .addToAnnotations(withoutNulls(annotations(entry)))
                .build());
        secret.setAdditionalProperty("type", "Opaque");
        secret.setAdditionalProperty("data", withoutNulls(data(entry)));
        Entry created = entry(asked(() -> objects.create(secret)));
        written = Write.CREATE;
        return created;
    }

    @Override
    public Entry replace(Entry entry) {
        ObjectNode patch = json.createObjectNode();
        ObjectNode metadata = patch.putObject("metadata").put("resourceVersion", entry.version());
        metadata.set("annotations", json.valueToTree(annotations(entry)));
        patch.set("data", json.valueToTree(data(entry)));
        try {
            Entry replaced = entry(asked(() -> objects.patch(ref, Target.OBJECT, PatchType.MERGE, patch.toString())));
            written = written == Write.NONE ? Write.REPLACE : written;
            return replaced;
        } catch (OpenCraneException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            throw new OpenCraneException(
                    ErrorCode.CONFLICT, ref.toString(), "It is gone.", OpenCraneException.Retry.MAY_HELP, e);
        }
    }

    @Override
    public void delete(Entry entry) {
        Optional<GenericKubernetesResource> live = asked(() -> fresh.get(ref));
        if (live.isPresent()) {
            boolean changed = !entry(live.get()).version().equals(entry.version());
            if (changed) {
                throw new OpenCraneException(
                        ErrorCode.CONFLICT,
                        ref.toString(),
                        "It changed since it was read.",
                        OpenCraneException.Retry.MAY_HELP,
                        null);
            }
            String uid = live.get().getMetadata().getUid();
            deleted = asked(() -> objects.delete(ref, uid));
        }
    }

    private static Map<String, @Nullable String> annotations(Entry entry) {
        Map<String, @Nullable String> annotations = new LinkedHashMap<>();
        annotations.put(STATE, entry.state().name().toLowerCase(Locale.ROOT));
        BigDecimal budget = entry.monthlyBudgetUsd();
        annotations.put(BUDGET, budget == null ? null : budget.toPlainString());
        describe(annotations, "", entry.current());
        describe(annotations, "next-", entry.next());
        describe(annotations, "previous-", entry.previous());
        return annotations;
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

    private Entry entry(GenericKubernetesResource secret) {
        asked(() -> {
            Applier.requireNotForeign(ref, secret, blueprint.ownership());
            return ref;
        });
        Map<String, String> found = annotations(secret);
        Key current = key(secret, found, CURRENT, "");
        if (current == null) {
            throw unreadable("no apiKey", null);
        }
        // A Secret without our state was made by the deployed platform, which marks nothing and registers before it
        // writes.
        State state = "pending".equals(found.get(STATE)) ? State.PENDING : State.LIVE;
        return new Entry(
                state,
                current,
                key(secret, found, NEXT, "next-"),
                key(secret, found, PREVIOUS, "previous-"),
                budget(found.get(BUDGET)),
                secret.getMetadata().getResourceVersion());
    }

    /** Unknown is like unlimited: the ceiling wanted is then agreed anew, unless none is wanted. */
    private static @Nullable BigDecimal budget(@Nullable String text) {
        try {
            return text == null ? null : new BigDecimal(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private OpenCraneException unreadable(String what, @Nullable RuntimeException cause) {
        // The cause names an annotation at most, never data.
        return new OpenCraneException(
                ErrorCode.INTERNAL,
                ref.toString(),
                "It holds " + what + "; delete it to have a new key made.",
                OpenCraneException.Retry.POINTLESS,
                cause);
    }

    private @Nullable Key key(
            GenericKubernetesResource secret, Map<String, String> annotations, String field, String which) {
        String encoded = secret.get("data", field);
        if (encoded == null || encoded.isEmpty()) {
            return null;
        }
        return new Key(
                SecretText.of(new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8)),
                annotations.getOrDefault(PREFIX + which + "key-alias", ""),
                revision(annotations.getOrDefault(PREFIX + which + "key-revision", "0")),
                issuedAt(annotations.get(PREFIX + which + "issued-at")));
    }

    private long revision(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw unreadable("a key-revision that is no number", e);
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
}
