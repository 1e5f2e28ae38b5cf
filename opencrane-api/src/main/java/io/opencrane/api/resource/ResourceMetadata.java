package io.opencrane.api.resource;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of Kubernetes' ObjectMeta that tenancy reads. What is absent on the wire is empty, zero or null here; fields not listed are
 * not modelled and, because custom resources are only ever patched, never lost.
 *
 * @param namespace empty for a cluster-scoped object
 * @param name the object's name
 * @param uid empty before the object exists
 * @param resourceVersion the version read, for optimistic locking; empty before the object exists
 * @param generation counts changes of the spec; 0 before the object exists
 * @param creationTimestamp when the server stored it, in whole seconds; null before
 * @param deletionTimestamp when its deletion was asked for; null while it lives
 * @param labels labels
 * @param annotations annotations
 * @param finalizers what must still be cleaned up before it goes
 * @see <a href="https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/">ObjectMeta</a>
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ResourceMetadata(
        String namespace,
        String name,
        String uid,
        String resourceVersion,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long generation,

        @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable
        Instant creationTimestamp,

        @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable
        Instant deletionTimestamp,

        Map<String, String> labels,
        Map<String, String> annotations,
        List<String> finalizers) {
    /** Copies the collections; what is absent becomes empty. */
    public ResourceMetadata {
        namespace = Absent.asEmpty(namespace);
        name = Absent.asEmpty(name);
        uid = Absent.asEmpty(uid);
        resourceVersion = Absent.asEmpty(resourceVersion);
        labels = Absent.asEmpty(labels);
        annotations = Absent.asEmpty(annotations);
        finalizers = Absent.asEmpty(finalizers);
    }

    /**
     * Metadata of an object that does not exist yet.
     *
     * @param namespace empty for a cluster-scoped object
     * @param name the name
     * @return metadata with everything else empty
     */
    public static ResourceMetadata of(String namespace, String name) {
        return new ResourceMetadata(namespace, name, "", "", 0, null, null, Map.of(), Map.of(), List.of());
    }

    /**
     * The same with other labels.
     *
     * @param changed the labels
     * @return a copy
     */
    public ResourceMetadata withLabels(Map<String, String> changed) {
        return new ResourceMetadata(
                namespace,
                name,
                uid,
                resourceVersion,
                generation,
                creationTimestamp,
                deletionTimestamp,
                changed,
                annotations,
                finalizers);
    }

    /**
     * The same with other annotations.
     *
     * @param changed the annotations
     * @return a copy
     */
    public ResourceMetadata withAnnotations(Map<String, String> changed) {
        return new ResourceMetadata(
                namespace,
                name,
                uid,
                resourceVersion,
                generation,
                creationTimestamp,
                deletionTimestamp,
                labels,
                changed,
                finalizers);
    }

    /**
     * Whether deletion was asked for and finalizers still hold the object.
     *
     * @return true once {@code deletionTimestamp} is set
     */
    @JsonIgnore
    public boolean isBeingDeleted() {
        return deletionTimestamp != null;
    }
}
