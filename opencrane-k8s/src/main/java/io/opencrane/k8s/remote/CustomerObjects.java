package io.opencrane.k8s.remote;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.k8s.remote.CustomerClusters.Session;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one customer's cluster. A credential that is refused there is a kubeconfig to be mended, {@code
 * DEPENDENCY_NOT_CONFIGURED}, and never the caller's own {@code UNAUTHORIZED}.
 */
public final class CustomerObjects implements ObjectStore {
    private final String customer;
    private final Supplier<Session> sessions;

    private CustomerObjects(String customer, Supplier<Session> sessions) {
        this.customer = customer;
        this.sessions = sessions;
    }

    /**
     * Over a session that the caller closes.
     *
     * @param customer the customer
     * @param session its session
     * @return the store, as long as the session is open
     */
    public static ObjectStore of(ClusterTenant customer, Session session) {
        ObjectStore objects = session.objects();
        return new CustomerObjects(customer.key().toString(), () -> new Session() {
            @Override
            public ObjectStore objects() {
                return objects;
            }

            @Override
            public void close() {}
        });
    }

    /**
     * Over a session for each call, for whoever keeps a store and cannot say when it is done. A call may also fail as
     * {@link CustomerClusters#open} does.
     *
     * @param customer the customer's name, for messages
     * @param sessions opens one
     * @return the store
     */
    public static ObjectStore perCall(String customer, Supplier<Session> sessions) {
        return new CustomerObjects("ClusterTenant " + customer, sessions);
    }

    @Override
    public Optional<GenericKubernetesResource> get(ObjectRef ref) {
        return ask(objects -> objects.get(ref));
    }

    @Override
    public Chunk list(ObjectType type, String namespace, Filter filter, int limit, @Nullable String continueToken) {
        return ask(objects -> objects.list(type, namespace, filter, limit, continueToken));
    }

    @Override
    public GenericKubernetesResource create(GenericKubernetesResource object) {
        return ask(objects -> objects.create(object));
    }

    @Override
    public GenericKubernetesResource apply(GenericKubernetesResource object, String manager, Force force) {
        return ask(objects -> objects.apply(object, manager, force));
    }

    @Override
    public GenericKubernetesResource patch(ObjectRef ref, Target target, PatchType type, String body) {
        return ask(objects -> objects.patch(ref, target, type, body));
    }

    @Override
    public boolean delete(ObjectRef ref, String uid) {
        return ask(objects -> objects.delete(ref, uid));
    }

    private <T> T ask(Function<ObjectStore, T> call) {
        try (Session session = sessions.get()) {
            return answer(call, session.objects());
        }
    }

    /** Only what the customer's server says: reading the kubeconfig at home may be refused too, and that is ours to mend. */
    private <T> T answer(Function<ObjectStore, T> call, ObjectStore objects) {
        try {
            return call.apply(objects);
        } catch (OpenCraneException e) {
            if (e.code() != ErrorCode.UNAUTHORIZED) {
                throw e;
            }
            throw new OpenCraneException(
                    ErrorCode.DEPENDENCY_NOT_CONFIGURED,
                    customer,
                    "The API server of its cluster does not accept the credential of its kubeconfig; renew it.",
                    OpenCraneException.Retry.POINTLESS,
                    e);
        }
    }

    @Override
    public String toString() {
        return "Objects of " + customer;
    }
}
