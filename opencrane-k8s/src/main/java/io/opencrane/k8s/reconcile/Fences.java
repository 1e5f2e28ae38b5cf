package io.opencrane.k8s.reconcile;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.tenant.Placement;
import io.opencrane.k8s.apply.InstallOwnership;
import io.opencrane.k8s.blueprint.NetworkFence;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.reconcile.Children.Effect;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The fence around the tenants' pods of a namespace, put up before the first of them starts. It is one object for all of them, so where
 * nothing is cached it is not looked at for each tenant, but once in half a minute. Thread-safe.
 */
final class Fences {
    private static final Duration GOOD_FOR = Duration.ofSeconds(30);

    private final NetworkFence fence;
    private final InstallOwnership owner;
    private final boolean homeIsCached;
    private final InstantSource clock;
    private final Map<Placement, Instant> seen = new ConcurrentHashMap<>();

    Fences(NetworkFence fence, String home, boolean homeIsCached, InstantSource clock) {
        this.fence = fence;
        this.owner = new InstallOwnership(home);
        this.homeIsCached = homeIsCached;
        this.clock = clock;
    }

    /**
     * Sees to it that the fence stands.
     *
     * @param there the cluster
     * @param place where the pods are
     * @param run the run's children, whose changes the fence's is added to
     * @param effect whether it is put up, or only found missing
     * @param forced whether to look however lately it was seen
     */
    void require(Context there, Placement place, Children run, Effect effect, boolean forced) {
        Instant now = clock.instant();
        Instant last = seen.get(place);
        boolean isFresh = last != null && now.isBefore(last.plus(GOOD_FOR));
        boolean isCached = homeIsCached && place.cluster().isEmpty();
        if (isFresh && !isCached && !forced) {
            return;
        }
        Children own =
                new Children(there.applier(), owner, Conditions.unremembered(clock), "", effect, forced, () -> {});
        ObjectRef ref = NetworkFence.tenantBaseline(place.namespace());
        Optional<GenericKubernetesResource> live = there.objects().get(ref);
        own.enforceWhole(ref, live, fence.aroundTenants(place.namespace(), owner));
        own.changes().forEach(run::record);
        if (effect == Effect.APPLY) {
            seen.put(place, now);
        }
    }
}
