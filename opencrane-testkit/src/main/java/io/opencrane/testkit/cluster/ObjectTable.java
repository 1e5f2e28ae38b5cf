package io.opencrane.testkit.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectType;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The stored objects and their versions. A stored tree is never changed, only replaced, so a list taken once stays as it was. Guarded by
 * the store's lock.
 */
final class ObjectTable {
    private static final int KEPT_SNAPSHOTS = 16;

    private final Map<ObjectType, NavigableMap<String, ObjectNode>> objects = new HashMap<>();
    private final Set<ObjectRef> collectable = new HashSet<>();
    private final Map<String, List<ObjectNode>> snapshots = new LinkedHashMap<>();
    private final InstantSource clock;
    private long version = 1;

    ObjectTable(InstantSource clock) {
        this.clock = clock;
    }

    /** Now, as the server writes it. */
    String time() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    @Nullable
    ObjectNode find(ObjectRef ref) {
        NavigableMap<String, ObjectNode> ofType = objects.get(ref.type());
        return ofType == null ? null : ofType.get(key(ref));
    }

    /** Stores it under a new version. */
    ObjectNode put(ObjectRef ref, ObjectNode object) {
        Json.metadata(object).put("resourceVersion", Long.toString(++version));
        objects.computeIfAbsent(ref.type(), type -> new TreeMap<>()).put(key(ref), object);
        if (Collector.isDeleting(object) || object.path("metadata").has("ownerReferences")) {
            collectable.add(ref);
        } else {
            collectable.remove(ref);
        }
        return object;
    }

    void remove(ObjectRef ref) {
        version++;
        collectable.remove(ref);
        NavigableMap<String, ObjectNode> ofType = objects.get(ref.type());
        if (ofType != null) {
            ofType.remove(key(ref));
        }
    }

    /** All objects of a type, in the order of their keys: names are ASCII, so text order is byte order. */
    List<ObjectNode> all(ObjectType type, String namespace) {
        NavigableMap<String, ObjectNode> ofType = objects.getOrDefault(type, new TreeMap<>());
        return new ArrayList<>(
                (namespace.isEmpty() ? ofType : ofType.subMap(namespace + "/", namespace + "0")).values());
    }

    /** Whether anything is being deleted or has an owner, so that the end of one object can be the end of another. */
    boolean hasCollectable() {
        return !collectable.isEmpty();
    }

    /** Every stored object. */
    Map<ObjectRef, ObjectNode> everything() {
        Map<ObjectRef, ObjectNode> all = new LinkedHashMap<>();
        objects.forEach((type, ofType) -> ofType.values().forEach(object -> all.put(refOf(type, object), object)));
        return all;
    }

    static ObjectRef refOf(ObjectType type, ObjectNode object) {
        return type.named(Json.text(object, "metadata", "namespace"), Json.text(object, "metadata", "name"));
    }

    /** Keeps the rest of a list for its continue token; the oldest are forgotten, as a compaction would. */
    String keep(List<ObjectNode> rest) {
        String token = "v" + version + "-" + rest.size() + "-" + Json.text(rest.get(0), "metadata", "uid");
        snapshots.put(token, rest);
        if (snapshots.size() > KEPT_SNAPSHOTS) {
            snapshots.remove(snapshots.keySet().iterator().next());
        }
        return token;
    }

    @Nullable
    List<ObjectNode> kept(String token) {
        return snapshots.get(token);
    }

    void forgetSnapshots() {
        snapshots.clear();
    }

    private static String key(ObjectRef ref) {
        return ref.namespace() + "/" + ref.name();
    }
}
