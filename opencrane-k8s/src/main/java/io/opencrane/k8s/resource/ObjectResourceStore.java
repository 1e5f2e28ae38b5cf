package io.opencrane.k8s.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.resource.Resource;
import io.opencrane.api.resource.ResourceKey;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.port.ResourceStore;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectReader;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectStore.PatchType;
import io.opencrane.k8s.object.ObjectStore.Target;
import io.opencrane.k8s.object.ObjectType;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The six kinds over a cluster's objects. */
final class ObjectResourceStore implements ResourceStore {
    private final ObjectStore objects;
    private final InstanceScope scope;
    private final ResourceCodec codec = new ResourceCodec();

    ObjectResourceStore(ObjectStore objects, InstanceScope scope) {
        this.objects = objects;
        this.scope = scope;
    }

    @Override
    public <R extends Resource> Optional<R> find(Class<R> type, String namespace, String name) {
        ObjectRef ref = ref(new ResourceKey(ResourceModels.kindOf(type), namespace, name));
        return objects.get(ref).map(object -> codec.model(type, object));
    }

    @Override
    public <R extends Resource> Chunk<R> page(
            Class<R> type, String namespace, int limit, @Nullable String continueToken) {
        ResourceKind kind = ResourceModels.kindOf(type);
        if (kind.isNamespaced()) {
            requireList(namespace);
        }
        ObjectStore.Chunk chunk = objects.list(ObjectType.of(kind), namespace, Filter.all(), limit, continueToken);
        return new Chunk<>(
                chunk.items().stream().map(object -> codec.model(type, object)).toList(), chunk.continueToken());
    }

    @Override
    public <R extends Resource> List<R> namesakes(R resource) {
        String own = resource.metadata().namespace();
        String name = resource.metadata().name();
        ObjectType type = ObjectType.of(resource.kind());
        Stream<GenericKubernetesResource> all = scope.namespaces().isEmpty()
                ? ObjectReader.of(objects).list(type, "", Filter.named(name)).stream()
                : scope.namespaces().stream()
                        .filter(namespace -> !namespace.equals(own))
                        .flatMap(namespace -> objects.get(type.named(namespace, name)).stream());
        return all.filter(object -> !own.equals(object.getMetadata().getNamespace()))
                .map(object -> model(resource, object))
                .toList();
    }

    private void requireList(String namespace) {
        if (!namespace.isEmpty()) {
            scope.require(namespace);
        } else if (!scope.namespaces().isEmpty()) {
            throw new ValidationException(
                    "every namespace",
                    List.of(new Problem(
                            "namespace",
                            Problem.Code.REQUIRED,
                            "This instance works in " + scope + " only; list one of them at a time.")));
        }
    }

    @Override
    public <R extends Resource> R create(R resource) {
        ref(resource.key());
        ObjectNode whole = codec.tree(resource);
        ObjectNode sent = codec.object();
        sent.put("apiVersion", resource.apiVersion());
        sent.put("kind", resource.kind().kind());
        ObjectNode metadata = sent.putObject("metadata");
        for (String part : List.of("namespace", "name", "labels", "annotations")) {
            metadata.setAll(pick(whole.path("metadata").get(part), part));
        }
        sent.setAll(pick(whole.get("spec"), "spec"));
        return model(resource, objects.create(codec.object(sent)));
    }

    private ObjectNode pick(@Nullable JsonNode value, String name) {
        ObjectNode picked = codec.object();
        if (value != null) {
            picked.set(name, value);
        }
        return picked;
    }

    @Override
    public <R extends Resource> R patch(R current, R desired) {
        ObjectNode before = codec.tree(current);
        ObjectNode after = codec.tree(desired);
        ObjectNode patch = codec.object();
        putUnlessEmpty(patch, "spec", MergePatch.between(before.get("spec"), after.get("spec")));
        ObjectNode metadata = codec.object();
        for (String part : List.of("labels", "annotations")) {
            putUnlessEmpty(
                    metadata,
                    part,
                    MergePatch.between(
                            before.path("metadata").get(part),
                            after.path("metadata").get(part)));
        }
        putUnlessEmpty(patch, "metadata", metadata);
        return send(current, desired, Target.OBJECT, patch);
    }

    @Override
    public <R extends Resource> R patchStatus(R current, R desired) {
        ObjectNode patch = codec.object();
        putUnlessEmpty(
                patch,
                "status",
                MergePatch.between(
                        codec.tree(current).get("status"), codec.tree(desired).get("status")));
        return send(current, desired, Target.STATUS, patch);
    }

    private <R extends Resource> R send(R current, R desired, Target target, ObjectNode patch) {
        if (!current.key().equals(desired.key())) {
            throw new IllegalArgumentException(current.key() + " cannot become " + desired.key() + ".");
        }
        ObjectRef ref = ref(current.key());
        if (patch.isEmpty()) {
            return current;
        }
        patch.withObjectProperty("metadata").put("resourceVersion", version(current));
        return model(current, patched(current, () -> objects.patch(ref, target, PatchType.MERGE, codec.text(patch))));
    }

    private static void putUnlessEmpty(ObjectNode parent, String name, ObjectNode child) {
        if (!child.isEmpty()) {
            parent.set(name, child);
        }
    }

    @Override
    public <R extends Resource> R addFinalizer(R current) {
        if (current.metadata().finalizers().contains(FINALIZER)) {
            return current;
        }
        // The list itself is absent until it has its first entry.
        String change = current.metadata().finalizers().isEmpty()
                ? "{\"op\":\"add\",\"path\":\"/metadata/finalizers\",\"value\":[\"" + FINALIZER + "\"]}"
                : "{\"op\":\"add\",\"path\":\"/metadata/finalizers/-\",\"value\":\"" + FINALIZER + "\"}";
        return model(current, patchGuarded(current, change));
    }

    @Override
    public void removeFinalizer(Resource current) {
        int index = current.metadata().finalizers().indexOf(FINALIZER);
        if (index < 0) {
            return;
        }
        try {
            patchGuarded(current, "{\"op\":\"remove\",\"path\":\"/metadata/finalizers/" + index + "\"}");
        } catch (OpenCraneException e) {
            if (e.code() != notFoundCode(current.kind())) {
                throw e;
            }
        }
    }

    private GenericKubernetesResource patchGuarded(Resource current, String change) {
        ObjectRef ref = ref(current.key());
        ObjectNode test = codec.object();
        test.put("op", "test").put("path", "/metadata/resourceVersion").put("value", version(current));
        return patched(
                current,
                () -> objects.patch(ref, Target.OBJECT, PatchType.JSON, "[" + codec.text(test) + "," + change + "]"));
    }

    @Override
    public void delete(Resource current) {
        objects.delete(ref(current.key()), current.metadata().uid());
    }

    private interface Patch {
        GenericKubernetesResource send();
    }

    private static GenericKubernetesResource patched(Resource current, Patch patch) {
        try {
            return patch.send();
        } catch (OpenCraneException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            throw new OpenCraneException(
                    notFoundCode(current.kind()),
                    current.key().toString(),
                    "It does not exist any more.",
                    OpenCraneException.Retry.POINTLESS,
                    e);
        }
    }

    private static ErrorCode notFoundCode(ResourceKind kind) {
        return switch (kind) {
            case TENANT -> ErrorCode.TENANT_NOT_FOUND;
            case CLUSTER_TENANT -> ErrorCode.CLUSTER_TENANT_NOT_FOUND;
            case ACCESS_POLICY -> ErrorCode.POLICY_NOT_FOUND;
            case MCP_SERVER, SCHEDULE, SKILL_REGISTRY -> ErrorCode.NOT_FOUND;
        };
    }

    private ObjectRef ref(ResourceKey key) {
        if (key.kind().isNamespaced()) {
            scope.require(key.namespace());
        }
        return ObjectType.of(key.kind()).named(key.namespace(), key.name());
    }

    private static String version(Resource current) {
        String version = current.metadata().resourceVersion();
        if (version.isEmpty()) {
            throw new IllegalArgumentException(
                    "Read " + current.key() + " before you change it; it has no resourceVersion.");
        }
        return version;
    }

    @SuppressWarnings("unchecked") // the model classes are final records, so the class of an R is Class<R>
    private <R extends Resource> R model(R like, GenericKubernetesResource object) {
        return codec.model((Class<R>) like.getClass(), object);
    }
}
