package io.opencrane.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who owns which fields of one object, with the rules of Kubernetes 1.20: no entry names a subresource, and ownership is computed before
 * the server throws away what the endpoint may not change. Not thread-safe; lives for one call.
 */
final class ManagedFields {
    private static final Comparator<ManagedFields.Manager> APPLY_FIRST =
            Comparator.comparing((Manager manager) -> manager.operation().equals("Apply") ? 0 : 1);

    private final Map<Manager, Entry> entries = new LinkedHashMap<>();

    /** One entry's identity. */
    record Manager(String name, String operation, String apiVersion) {}

    private record Entry(FieldSet fields, String time) {}

    /** Fields that others own. */
    record Conflict(Manager manager, FieldSet fields) {}

    /** The entries of an object; none when it has none or was reset by a list of empty entries. */
    static ManagedFields read(@Nullable JsonNode object) {
        ManagedFields managed = new ManagedFields();
        if (object != null) {
            for (JsonNode entry : object.path("metadata").path("managedFields")) {
                if (entry.has("fieldsV1")) {
                    Manager manager = new Manager(
                            Json.text(entry, "manager"), Json.text(entry, "operation"), Json.text(entry, "apiVersion"));
                    managed.entries.put(
                            manager, new Entry(FieldSet.parse(entry.path("fieldsV1")), Json.text(entry, "time")));
                }
            }
        }
        return managed;
    }

    /** Whether nobody's fields are tracked, so that updates do not begin to be (1.20 tracks from creation or from the first apply). */
    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Writes the entries into an object. */
    void writeTo(ObjectNode object) {
        ObjectNode metadata = Json.metadata(object);
        metadata.remove("managedFields");
        if (entries.isEmpty()) {
            return;
        }
        ArrayNode list = metadata.putArray("managedFields");
        List<Map.Entry<Manager, Entry>> sorted = new ArrayList<>(entries.entrySet());
        sorted.sort(Map.Entry.<Manager, Entry>comparingByKey(APPLY_FIRST)
                .thenComparing(entry -> entry.getValue().time())
                .thenComparing(entry -> entry.getKey().name()));
        sorted.forEach(entry -> list.addObject()
                .put("manager", entry.getKey().name())
                .put("operation", entry.getKey().operation())
                .put("apiVersion", entry.getKey().apiVersion())
                .put("time", entry.getValue().time())
                .put("fieldsType", "FieldsV1")
                .set("fieldsV1", entry.getValue().fields().toJson()));
    }

    /**
     * Server-side apply.
     *
     * @return the merged object, or null when the same manager asks for what is there
     * @throws ConflictException if others own changed fields and force is off
     */
    @Nullable
    ObjectNode apply(ObjectNode live, ObjectNode config, Shape shape, Manager manager, boolean force, String time) {
        JsonNode merged = Merge.merge(live, config, shape);
        Entry last = entries.get(manager);
        FieldSet wanted = FieldSet.of(config, shape).owned();
        entries.put(manager, new Entry(wanted, last == null ? time : last.time()));
        if (last != null) {
            FieldSet gone = FieldSet.of(merged, shape)
                    .withNamedParents(shape)
                    .intersect(last.fields().withNamedParents(shape))
                    .minus(all().withNamedParents(shape));
            merged = gone.removeFrom(merged, shape);
        }
        Comparison changes = Comparison.of(live, merged, shape);
        resolve(changes, manager, force);
        boolean changed = !changes.isSame();
        if (changed && entries.containsKey(manager)) {
            entries.put(manager, new Entry(wanted, time));
        }
        return changed ? (ObjectNode) merged : null;
    }

    /** A create or a patch: what changed belongs to the manager. */
    void update(ObjectNode live, ObjectNode next, Shape shape, Manager manager, String time) {
        Comparison changes = Comparison.of(live, next, shape);
        // Entries of the same manager give up what it takes, as everybody's do; then it takes.
        resolve(changes, null, true);
        FieldSet taken = changes.modified().union(changes.added()).owned();
        if (!taken.isEmpty()) {
            Entry before = entries.get(manager);
            entries.put(
                    manager, new Entry(before == null ? taken : before.fields().union(taken), time));
        }
    }

    private FieldSet all() {
        return entries.values().stream().map(Entry::fields).reduce(FieldSet.EMPTY, FieldSet::union);
    }

    private void resolve(Comparison changes, @Nullable Manager self, boolean force) {
        FieldSet touched = changes.modified().union(changes.added());
        List<Conflict> conflicts = new ArrayList<>();
        entries.forEach((manager, entry) -> {
            FieldSet lost = entry.fields().intersect(touched);
            if (!manager.equals(self) && !lost.isEmpty()) {
                conflicts.add(new Conflict(manager, lost));
            }
        });
        if (!force && !conflicts.isEmpty()) {
            throw new ConflictException(conflicts);
        }
        entries.replaceAll((manager, entry) -> manager.equals(self)
                ? entry
                : new Entry(entry.fields().minus(touched).minus(changes.removed()), entry.time()));
        entries.values().removeIf(entry -> entry.fields().isEmpty());
    }

    static ObjectNode withoutManagedFields(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        if (copy.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields");
        }
        return copy;
    }

    /** Others own what an unforced apply wants to change. */
    static final class ConflictException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        final transient Map<String, Set<String>> owners = new TreeMap<>();

        ConflictException(List<Conflict> conflicts) {
            for (Conflict conflict : conflicts) {
                Set<String> fields = owners.computeIfAbsent(conflict.manager().name(), name -> new TreeSet<>());
                conflict.fields().paths().forEach(path -> fields.add(FieldSet.print(path)));
            }
        }
    }
}
