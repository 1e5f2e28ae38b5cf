package io.opencrane.samples.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * Drops updates that are only a status, which is our own writing, or a controller's count. Generation alone would not do: labels choose
 * policies, an annotation asks for a reconcile, the deletion of a tenant is an update that the library's finalizer waits for, and quotas
 * and namespaces have none.
 */
public final class MoreThanStatus implements OnUpdateFilter<HasMetadata> {
    private static final List<Function<ObjectMeta, Object>> WATCHED = List.of(
            ObjectMeta::getUid,
            ObjectMeta::getGeneration,
            ObjectMeta::getDeletionTimestamp,
            ObjectMeta::getFinalizers,
            ObjectMeta::getLabels,
            ObjectMeta::getAnnotations);

    @Override
    public boolean accept(HasMetadata now, HasMetadata before) {
        return WATCHED.stream()
                        .anyMatch(field ->
                                !Objects.equals(field.apply(now.getMetadata()), field.apply(before.getMetadata())))
                || !content(now).equals(content(before));
    }

    /** Of an object whose type says more than its metadata here. */
    private static Map<String, Object> content(HasMetadata object) {
        Map<String, Object> content = new HashMap<>();
        if (object instanceof GenericKubernetesResource generic) {
            content.putAll(generic.getAdditionalProperties());
            content.remove("status");
        }
        return content;
    }
}
