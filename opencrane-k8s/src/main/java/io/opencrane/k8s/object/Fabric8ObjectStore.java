package io.opencrane.k8s.object;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Status;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.OpenCraneException.Retry;
import io.opencrane.k8s.object.ApiServer.Body;
import io.opencrane.k8s.object.ApiServer.Reply;
import io.opencrane.k8s.object.Refusal.Guard;
import io.opencrane.k8s.object.Refusal.Quote;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The port over a real API server. */
final class Fabric8ObjectStore implements ObjectStore {
    private static final String JSON = "application/json";

    private final ApiServer server;
    private final Map<String, ObjectType> discovered = new ConcurrentHashMap<>();

    /** Numbers keep their digits: money passes through here. */
    private final JsonMapper mapper = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    Fabric8ObjectStore(ApiServer server) {
        this.server = server;
    }

    @Override
    public Optional<GenericKubernetesResource> get(ObjectRef ref) {
        Reply reply = server.send(ref.toString(), "GET", Urls.object(ref), null);
        if (reply.isSuccess()) {
            return Optional.of(object(ref, reply));
        }
        Refusal refusal = refusal(ref.toString(), ref.type(), Guard.NONE, reply);
        if (refusal.isAbsent()) {
            return Optional.empty();
        }
        throw refusal.asException();
    }

    @Override
    public Chunk list(ObjectType type, String namespace, Filter filter, int limit, @Nullable String continueToken) {
        String subject = type.plural() + (namespace.isEmpty() ? "" : " in " + namespace);
        String path = Urls.collection(type, namespace) + "?limit=" + limit
                + Urls.parameter("labelSelector", Urls.selector(filter.labels()))
                + Urls.parameter("fieldSelector", filter.name().isEmpty() ? null : "metadata.name=" + filter.name())
                + Urls.parameter("continue", continueToken);
        JsonNode list = json(subject, success(subject, type, server.send(subject, "GET", path, null)));
        List<GenericKubernetesResource> items = new ArrayList<>();
        for (JsonNode item : list.path("items")) {
            GenericKubernetesResource object = bind(subject, item, GenericKubernetesResource.class);
            // The server leaves both out in lists of its own types.
            object.setApiVersion(type.apiVersion());
            object.setKind(type.kind());
            items.add(object);
        }
        String next = list.path("metadata").path("continue").asText("");
        return new Chunk(items, next.isEmpty() ? null : next);
    }

    @Override
    public GenericKubernetesResource create(GenericKubernetesResource object) {
        ObjectRef ref = ref(object);
        Body body = new Body(JSON, write(ref, object));
        String path = Urls.collection(ref.type(), ref.namespace());
        return object(ref, success(ref.toString(), ref.type(), server.send(ref.toString(), "POST", path, body)));
    }

    @Override
    public GenericKubernetesResource apply(GenericKubernetesResource object, String manager, Force force) {
        ObjectRef ref = ref(object);
        Body body = new Body("application/apply-patch+yaml", write(ref, object));
        String path = Urls.object(ref) + "?force=" + (force == Force.YES) + Urls.parameter("fieldManager", manager);
        return object(ref, success(ref.toString(), ref.type(), server.send(ref.toString(), "PATCH", path, body)));
    }

    @Override
    public GenericKubernetesResource patch(ObjectRef ref, Target target, PatchType type, String body) {
        String path = Urls.object(ref) + (target == Target.STATUS ? "/status" : "");
        String contentType = type == PatchType.MERGE ? "application/merge-patch+json" : "application/json-patch+json";
        Reply reply = server.send(ref.toString(), "PATCH", path, new Body(contentType, body));
        if (!reply.isSuccess()) {
            Guard guard = type == PatchType.JSON && hasTest(body) ? Guard.TEST : Guard.NONE;
            throw refusal(ref.toString(), ref.type(), guard, reply).asException();
        }
        return object(ref, reply);
    }

    private boolean hasTest(String jsonPatch) {
        try {
            return mapper.readTree(jsonPatch).findValuesAsText("op").contains("test");
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    @Override
    public boolean delete(ObjectRef ref, String uid) {
        if (uid.isEmpty()) {
            throw new IllegalArgumentException("Only an object that was read is deleted; " + ref + " has no uid.");
        }
        String options = write(
                ref,
                new DeleteOptionsBuilder()
                        .withApiVersion("v1")
                        .withKind("DeleteOptions")
                        .withPropagationPolicy("Background")
                        .withNewPreconditions()
                        .withUid(uid)
                        .endPreconditions()
                        .build());
        Reply reply = server.send(ref.toString(), "DELETE", Urls.object(ref), new Body(JSON, options));
        if (reply.isSuccess()) {
            return true;
        }
        Refusal refusal = refusal(ref.toString(), ref.type(), Guard.NONE, reply);
        if (refusal.isAbsent()) {
            return false;
        }
        throw refusal.asException();
    }

    private ObjectRef ref(GenericKubernetesResource object) {
        ObjectMeta metadata = object.getMetadata();
        if (object.getApiVersion() == null
                || object.getKind() == null
                || metadata == null
                || metadata.getName() == null) {
            throw new IllegalArgumentException("An object to write needs apiVersion, kind and metadata.name.");
        }
        ObjectType type = ObjectType.known(object.getApiVersion(), object.getKind())
                .orElseGet(() -> discovered.computeIfAbsent(
                        object.getApiVersion() + " " + object.getKind(),
                        key -> discover(object.getApiVersion(), object.getKind())));
        return type.named(metadata.getNamespace() == null ? "" : metadata.getNamespace(), metadata.getName());
    }

    /** Where objects of a type that we do not know are; kept, as a served type does not move. */
    private ObjectType discover(String apiVersion, String kind) {
        String subject = kind + " of " + apiVersion;
        Reply reply = server.send(subject, "GET", Urls.discovery(apiVersion), null);
        if (reply.isSuccess()) {
            for (JsonNode type : json(subject, reply).path("resources")) {
                String plural = type.path("name").asText();
                if (kind.equals(type.path("kind").asText()) && !plural.contains("/")) {
                    return new ObjectType(
                            apiVersion, kind, plural, type.path("namespaced").asBoolean());
                }
            }
        } else if (reply.code() != 404) {
            throw refusal(subject, null, Guard.NONE, reply).asException();
        }
        throw new OpenCraneException(
                ErrorCode.DEPENDENCY_NOT_CONFIGURED, subject, "The API server does not serve this type.");
    }

    private Reply success(String subject, ObjectType type, Reply reply) {
        if (!reply.isSuccess()) {
            throw refusal(subject, type, Guard.NONE, reply).asException();
        }
        return reply;
    }

    private Refusal refusal(String subject, @Nullable ObjectType type, Guard guard, Reply reply) {
        Status status;
        try {
            status = mapper.readValue(reply.body(), Status.class);
        } catch (IOException e) {
            status = new Status();
        }
        return new Refusal(
                subject,
                ObjectType.SECRET.equals(type) ? Quote.NO : Quote.YES,
                guard,
                reply.code(),
                status == null ? new Status() : status);
    }

    private GenericKubernetesResource object(ObjectRef ref, Reply reply) {
        GenericKubernetesResource object =
                bind(ref.toString(), json(ref.toString(), reply), GenericKubernetesResource.class);
        if (!ref.type().kind().equals(object.getKind()) || object.getMetadata() == null) {
            throw strange(ref.toString());
        }
        return object;
    }

    private JsonNode json(String subject, Reply reply) {
        try {
            JsonNode node = mapper.readTree(reply.body());
            if (node != null && node.isObject()) {
                return node;
            }
        } catch (IOException e) {
            // Not kept as the cause: it quotes what it could not read, which may be a Secret.
            throw strange(subject);
        }
        throw strange(subject);
    }

    private <T> T bind(String subject, JsonNode node, Class<T> type) {
        try {
            return mapper.treeToValue(node, type);
        } catch (JsonProcessingException e) {
            throw strange(subject);
        }
    }

    private static OpenCraneException strange(String subject) {
        return new OpenCraneException(
                ErrorCode.UPSTREAM_ERROR,
                subject,
                "The answer is not the JSON of such an object; is this an API server's URL?",
                Retry.POINTLESS,
                null);
    }

    private String write(ObjectRef ref, Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            // Not kept as the cause: it may quote a Secret.
            throw new IllegalArgumentException(ref + " cannot be written as JSON.");
        }
    }
}
