package io.opencrane.samples.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.k8s.apply.ChildChange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands a resource from java-operator-sdk's work queue to the library. Not a {@code Cleaner}: the finalizer is the library's, and a plain
 * reconciler sees a resource that is being deleted only when it is triggered on all events.
 */
abstract class Job<R extends HasMetadata> implements Reconciler<R> {
    private final Logger log = LoggerFactory.getLogger(getClass());
    private volatile @Nullable Cache<R> known;

    /** What else puts a resource into the queue. */
    abstract List<EventSource<?, R>> changes(EventSourceContext<R> context);

    @Override
    public final List<EventSource<?, R>> prepareEventSources(EventSourceContext<R> context) {
        known = context.getPrimaryCache();
        return changes(context);
    }

    /**
     * A filter that drops the event that a resource is gone. The library is done with it then, and while java-operator-sdk works on that
     * event it forgets every other of the name: one made anew at once would never be reconciled. A few bytes stay in memory for each
     * name.
     */
    final boolean isStillThere(R resource) {
        Cache<R> cache = known;
        return cache != null
                && cache.get(ResourceID.fromResource(resource))
                        .filter(found -> found.getMetadata()
                                .getUid()
                                .equals(resource.getMetadata().getUid()))
                        .isPresent();
    }

    /** The attempt is made again; what passes by then needs no stack trace. */
    @Override
    public final ErrorStatusUpdateControl<R> updateErrorStatus(R resource, Context<R> context, Exception failure) {
        String namespace = resource.getMetadata().getNamespace();
        String name = (namespace == null ? "" : namespace + "/")
                + resource.getMetadata().getName();
        if (failure instanceof OpenCraneException e && e.isRetryable()) {
            log.warn("{} is tried again: {}", name, e.getMessage());
        } else {
            log.error("{} is tried again, which may not help", name, failure);
        }
        return ErrorStatusUpdateControl.defaultErrorProcessing();
    }

    final UpdateControl<R> again(Optional<Duration> after) {
        UpdateControl<R> next = UpdateControl.noUpdate();
        after.ifPresent(next::rescheduleAfter);
        return next;
    }

    final void tell(Object who, @Nullable Object phase, List<ChildChange> children) {
        List<ChildChange> changes = children.stream()
                .filter(child -> child.action() != ChildChange.Action.UNCHANGED)
                .toList();
        if (!changes.isEmpty()) {
            log.info("{} {}: {}", who, phase, changes);
        }
    }
}
