package io.opencrane.testkit.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.core.InstanceScope;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import java.time.InstantSource;
import java.util.Objects;

/**
 * A cluster in memory that behaves like the API server of Kubernetes 1.20, for the kinds of contract §3 and our six; others are refused by
 * name. It passes the same contract tests as a real server. {@code KubernetesCluster.over(cluster.objects(), scope)} makes it the core's
 * cluster.
 *
 * <p>Everything happens at once and in the calling thread, also what controllers do on a real cluster: namespaces end, children of a deleted
 * owner go, claims no pod uses are released. Pods come from {@link FakeKubelet}. Thread-safe.
 */
public final class InMemoryCluster {
    private final InMemoryObjectStore objects;

    private InMemoryCluster(InstantSource clock) {
        objects = new InMemoryObjectStore(clock);
    }

    /**
     * A cluster with the namespaces of a scope, or with its home if it is the whole cluster.
     *
     * @param scope whose namespaces are there from the start
     * @param clock what time objects are stamped with
     * @return the cluster
     */
    public static InMemoryCluster create(InstanceScope scope, InstantSource clock) {
        InMemoryCluster cluster = new InMemoryCluster(Objects.requireNonNull(clock, "clock"));
        scope.namespaces().forEach(cluster::createNamespace);
        if (scope.namespaces().isEmpty()) {
            cluster.createNamespace(scope.home());
        }
        return cluster;
    }

    /**
     * The objects, to be used like those of a real cluster.
     *
     * @return the store; every object in and out is a copy
     */
    public ObjectStore objects() {
        return objects;
    }

    /**
     * Makes a namespace; one that is there stays as it is.
     *
     * @param name its name
     */
    public void createNamespace(String name) {
        GenericKubernetesResource namespace = new GenericKubernetesResource();
        namespace.setApiVersion(ObjectType.NAMESPACE.apiVersion());
        namespace.setKind(ObjectType.NAMESPACE.kind());
        namespace.setMetadata(new ObjectMetaBuilder().withName(name).build());
        try {
            objects.create(namespace);
        } catch (OpenCraneException e) {
            if (e.code() != ErrorCode.ALREADY_EXISTS) {
                throw e;
            }
        }
    }

    /**
     * Serves one more kind, for example {@code CiliumNetworkPolicy}, as a cluster does that has its CRD. Its spec and status are free-form.
     *
     * @param type the kind
     * @return this
     */
    public InMemoryCluster serve(ObjectType type) {
        objects.serve(type);
        return this;
    }

    /** Makes every continue token given out so far expire, as a compaction on a real cluster does. */
    public void expireContinueTokens() {
        objects.expireContinueTokens();
    }
}
