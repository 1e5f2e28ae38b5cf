package io.opencrane.k8s.reconcile;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.Resource;
import io.opencrane.api.resource.ResourceKey;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import java.util.Optional;

/**
 * A custom resource as it was read, which may be long ago. What is gone, or going, must not come back because of it, and what is not wanted
 * any more must not be done.
 *
 * @param home the home cluster, read without a cache
 * @param copy the custom resource
 */
record Copied(ObjectStore home, Resource copy) {
    private Optional<GenericKubernetesResource> now() {
        ResourceKey key = copy.key();
        return home.get(ObjectType.of(key.kind()).named(key.namespace(), key.name()));
    }

    /** Throws unless the server still has this very one, and nobody deletes it. */
    GenericKubernetesResource requireStillThere() {
        return now().filter(found ->
                        copy.metadata().uid().equals(found.getMetadata().getUid()))
                .filter(found -> found.getMetadata().getDeletionTimestamp() == null)
                .orElseThrow(() -> conflict("It was deleted since it was read."));
    }

    /** And unless the same is wanted of it. */
    void requireStillWanted() {
        requireGeneration(requireStillThere());
    }

    /** Throws unless the server still has this very one and the same is wanted of it, or its deletion, if that is what the copy says. */
    void requireSameGeneration() {
        requireGeneration(now().filter(found ->
                        copy.metadata().uid().equals(found.getMetadata().getUid()))
                .orElseThrow(() -> conflict("It was deleted since it was read.")));
    }

    private void requireGeneration(GenericKubernetesResource found) {
        Long generation = found.getMetadata().getGeneration();
        if (generation == null || generation != copy.metadata().generation()) {
            throw conflict("It changed since it was read.");
        }
    }

    /** Throws if anything of it changed, its status included. */
    void requireUnchanged() {
        String version =
                now().map(found -> found.getMetadata().getResourceVersion()).orElse("");
        if (!version.equals(copy.metadata().resourceVersion())) {
            throw conflict("It changed since it was read.");
        }
    }

    private OpenCraneException conflict(String sentence) {
        return new OpenCraneException(
                ErrorCode.CONFLICT, copy.key().toString(), sentence, OpenCraneException.Retry.MAY_HELP, null);
    }
}
