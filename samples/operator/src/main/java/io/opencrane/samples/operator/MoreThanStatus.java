package io.opencrane.samples.operator;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * Drops updates of a tenant that are only its status, which is our own writing. Generation alone would not do: labels choose policies,
 * an annotation asks for a reconcile, and the deletion of a tenant is an update that the library's finalizer waits for.
 */
public final class MoreThanStatus implements OnUpdateFilter<TenantResource> {
    private static final List<Function<ObjectMeta, Object>> WATCHED = List.of(
            ObjectMeta::getUid,
            ObjectMeta::getGeneration,
            ObjectMeta::getDeletionTimestamp,
            ObjectMeta::getFinalizers,
            ObjectMeta::getLabels,
            ObjectMeta::getAnnotations);

    @Override
    public boolean accept(TenantResource now, TenantResource before) {
        return WATCHED.stream()
                .anyMatch(field -> !Objects.equals(field.apply(now.getMetadata()), field.apply(before.getMetadata())));
    }
}
