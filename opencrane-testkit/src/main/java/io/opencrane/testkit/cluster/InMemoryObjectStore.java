package io.opencrane.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.Problem;
import io.opencrane.api.error.Problem.Code;
import io.opencrane.api.error.ValidationException;
import io.opencrane.k8s.object.FieldConflictException;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The verbs of the port, one at a time; each reads like the server's own handler. */
final class InMemoryObjectStore implements ObjectStore {
    /** What a request without a field manager is booked under: the user agent of the real adapter's client. */
    private static final String USER_AGENT = "fabric8-kubernetes-client";

    private final ReentrantLock lock = new ReentrantLock();
    private final Kinds kinds = new Kinds();
    private final ObjectTable table;
    private final Admission admission;
    private final Collector collector;

    InMemoryObjectStore(InstantSource clock) {
        table = new ObjectTable(clock);
        admission = new Admission(table);
        collector = new Collector(table, kinds);
    }

    @Override
    public Optional<GenericKubernetesResource> get(ObjectRef ref) {
        return locked(() -> {
            served(ref);
            return Optional.ofNullable(table.find(ref)).map(Json::objectOf);
        });
    }

    @Override
    public Chunk list(ObjectType type, String namespace, Filter filter, int limit, @Nullable String continueToken) {
        return locked(() -> {
            kinds.of(type);
            List<ObjectNode> rest = continueToken == null ? table.all(type, namespace) : table.kept(continueToken);
            if (rest == null) {
                throw new OpenCraneException(
                        ErrorCode.EXPIRED, type.plural(), "The list has changed too much to go on; start it again.");
            }
            List<ObjectNode> matching = rest.stream()
                    .filter(object -> filter.labels().entrySet().stream()
                            .allMatch(label ->
                                    label.getValue().equals(Json.text(object, "metadata", "labels", label.getKey()))))
                    .filter(object ->
                            filter.name().isEmpty() || filter.name().equals(Json.text(object, "metadata", "name")))
                    .toList();
            List<ObjectNode> page =
                    matching.stream().limit(limit <= 0 ? Long.MAX_VALUE : limit).toList();
            List<ObjectNode> later = matching.subList(page.size(), matching.size());
            return new Chunk(page.stream().map(Json::objectOf).toList(), later.isEmpty() ? null : table.keep(later));
        });
    }

    @Override
    public GenericKubernetesResource create(GenericKubernetesResource object) {
        ObjectNode body = Json.treeOf(object);
        return locked(() -> {
            KindInfo kind = kinds.of(Json.text(body, "apiVersion"), Json.text(body, "kind"));
            ObjectRef ref = ObjectTable.refOf(kind.type(), body);
            admission.requireNamespace(ref);
            Invalid invalid = new Invalid();
            ObjectNode next = read(kind, body, invalid);
            invalid.throwIfAny(ref.toString());
            ManagedFields managed = new ManagedFields();
            managed.update(KindRules.empty(kind), next, kind.ownership(), updater(kind), table.time());
            requireNoVersion(ref, body);
            if (table.find(ref) != null) {
                throw new OpenCraneException(
                        ErrorCode.ALREADY_EXISTS, ref.toString(), "An object of this name exists.");
            }
            return Json.objectOf(storeNew(kind, ref, next, managed));
        });
    }

    @Override
    public GenericKubernetesResource apply(GenericKubernetesResource object, String manager, Force force) {
        ObjectNode config = Json.treeOf(object);
        return locked(() -> {
            KindInfo kind = kinds.of(Json.text(config, "apiVersion"), Json.text(config, "kind"));
            ObjectRef ref = ObjectTable.refOf(kind.type(), config);
            Invalid invalid = new Invalid();
            TypeCheck.of(config, kind.ownership(), invalid);
            invalid.check(
                    !config.path("metadata").has("managedFields"),
                    "metadata.managedFields",
                    Code.CONTRADICTION,
                    "Must be nil.");
            invalid.throwIfAny(ref.toString());
            @Nullable ObjectNode live = table.find(ref);
            if (live == null) {
                admission.requireNamespace(ref);
            } else {
                Patches.requireVersion(ref, live, config);
            }
            ManagedFields managed = ManagedFields.read(live);
            ObjectNode before = live == null ? KindRules.empty(kind) : ManagedFields.withoutManagedFields(live);
            if (live != null && managed.isEmpty()) {
                managed.update(KindRules.empty(kind), before, kind.ownership(), beforeFirstApply(kind), table.time());
            }
            ManagedFields.Manager applier =
                    new ManagedFields.Manager(manager, "Apply", kind.type().apiVersion());
            @Nullable ObjectNode merged;
            try {
                merged = managed.apply(before, config, kind.ownership(), applier, force == Force.YES, table.time());
            } catch (FieldSet.MissingKeyException e) {
                // 1.20 answers 500, which the adapter knows to be the object's fault.
                throw new ValidationException(
                        ref.toString(),
                        List.of(new Problem("", Problem.Code.MALFORMED, String.valueOf(e.getMessage()))));
            } catch (ManagedFields.ConflictException e) {
                throw new FieldConflictException(ref.toString(), e.owners);
            }
            ObjectNode next = read(kind, merged == null ? before : merged, invalid);
            invalid.throwIfAny(ref.toString());
            return Json.objectOf(
                    live == null
                            ? storeNew(kind, ref, next, managed)
                            : storeChanged(kind, ref, live, next, managed, Target.OBJECT));
        });
    }

    @Override
    public GenericKubernetesResource patch(ObjectRef ref, Target target, PatchType type, String body) {
        JsonNode patch = Patches.parse(ref, type, body);
        return locked(() -> {
            KindInfo kind = served(ref);
            ObjectNode live = table.find(ref);
            if (target == Target.STATUS && !KindRules.hasStatus(kind)) {
                throw new OpenCraneException(
                        ErrorCode.DEPENDENCY_NOT_CONFIGURED, ref.toString(), "This type has no status to write to.");
            }
            if (live == null) {
                throw new OpenCraneException(ErrorCode.NOT_FOUND, ref.toString(), "There is no such object.");
            }
            ObjectNode patched = type == PatchType.MERGE
                    ? (ObjectNode) Json.mergePatch(live, patch)
                    : Patches.apply(ref, live, patch);
            Patches.requireVersion(ref, live, patched);
            ManagedFields managed = ManagedFields.read(patched);
            Invalid invalid = new Invalid();
            invalid.check(
                    ObjectTable.refOf(kind.type(), patched).equals(ref),
                    "metadata.name",
                    Code.CONTRADICTION,
                    "It is immutable.");
            ObjectNode next = read(kind, ManagedFields.withoutManagedFields(patched), invalid);
            invalid.throwIfAny(ref.toString());
            if (!managed.isEmpty()) {
                managed.update(
                        ManagedFields.withoutManagedFields(live), next, kind.ownership(), updater(kind), table.time());
            }
            return Json.objectOf(storeChanged(kind, ref, live, next, managed, target));
        });
    }

    @Override
    public boolean delete(ObjectRef ref, String uid) {
        return locked(() -> {
            served(ref);
            ObjectNode live = table.find(ref);
            if (live == null) {
                return false;
            }
            if (!Json.text(live, "metadata", "uid").equals(uid)) {
                throw Patches.stale(ref);
            }
            collector.delete(ref, live);
            return true;
        });
    }

    void serve(ObjectType type) {
        locked(() -> {
            kinds.serveFreeForm(type);
            return type;
        });
    }

    void expireContinueTokens() {
        locked(() -> {
            table.forgetSnapshots();
            return table;
        });
    }

    /** A name that would change the path would name another object; the real adapter refuses it too. */
    private KindInfo served(ObjectRef ref) {
        Invalid invalid = new Invalid();
        for (String name : List.of(ref.namespace(), ref.name())) {
            invalid.check(
                    !name.equals(".") && !name.equals("..") && !name.contains("/") && !name.contains("%"),
                    "metadata.name",
                    Code.MALFORMED,
                    "A name is not a path; leave out / and %.");
        }
        invalid.throwIfAny(ref.toString());
        return kinds.of(ref.type());
    }

    /** The server's storage refuses a version, and reads what is no number over. */
    private static void requireNoVersion(ObjectRef ref, ObjectNode body) {
        Invalid invalid = new Invalid();
        invalid.check(
                !Json.text(body, "metadata", "resourceVersion").matches("\\d*[1-9]\\d*"),
                "metadata.resourceVersion",
                Code.CONTRADICTION,
                "An object to be created has none; leave it out.");
        invalid.throwIfAny(ref.toString());
    }

    private ObjectNode storeNew(KindInfo kind, ObjectRef ref, ObjectNode next, ManagedFields managed) {
        ObjectNode metadata = Json.metadata(next)
                .put("name", ref.name())
                .put("uid", UUID.randomUUID().toString())
                .put("creationTimestamp", table.time());
        metadata.remove(List.of("resourceVersion", "generation", "deletionTimestamp", "deletionGracePeriodSeconds"));
        KindRules.prepareCreate(kind, next);
        admission.admit(ref, next);
        validate(kind, ref, null, next);
        managed.writeTo(next);
        return table.put(ref, next);
    }

    private ObjectNode storeChanged(
            KindInfo kind, ObjectRef ref, ObjectNode live, ObjectNode next, ManagedFields managed, Target target) {
        ObjectNode metadata = Json.metadata(next);
        for (String own : List.of(
                "name",
                "namespace",
                "generation",
                "deletionTimestamp",
                "deletionGracePeriodSeconds",
                "resourceVersion")) {
            copyOwn(live, metadata, own);
        }
        for (String own : List.of("uid", "creationTimestamp")) {
            if (!metadata.has(own)) {
                copyOwn(live, metadata, own);
            }
        }
        managed.writeTo(next);
        ObjectNode result = KindRules.prepareUpdate(kind, live, next, target);
        validate(kind, ref, live, result);
        if (result.equals(live)) {
            return live;
        }
        ObjectNode stored = table.put(ref, result);
        if (Collector.isDeleting(stored)) {
            collector.settle();
        }
        return stored;
    }

    private static void copyOwn(ObjectNode live, ObjectNode metadata, String name) {
        JsonNode value = live.path("metadata").get(name);
        if (value == null) {
            metadata.remove(name);
        } else {
            metadata.set(name, value);
        }
    }

    private static ObjectNode read(KindInfo kind, ObjectNode body, Invalid invalid) {
        ObjectNode read = Conversion.read(body, kind, invalid);
        Defaults.of(kind, read);
        return read;
    }

    private static void validate(KindInfo kind, ObjectRef ref, @Nullable ObjectNode live, ObjectNode next) {
        Invalid invalid = new Invalid();
        Validation.check(kind, live, next, invalid);
        invalid.throwIfAny(ref.toString());
    }

    /** Who owns what was there before anybody's fields were tracked. */
    private static ManagedFields.Manager beforeFirstApply(KindInfo kind) {
        return new ManagedFields.Manager(
                "before-first-apply", "Update", kind.type().apiVersion());
    }

    private static ManagedFields.Manager updater(KindInfo kind) {
        return new ManagedFields.Manager(USER_AGENT, "Update", kind.type().apiVersion());
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
