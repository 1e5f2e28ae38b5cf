package io.opencrane.testkit.cluster;

import io.opencrane.core.InstanceScope;
import io.opencrane.core.port.Cluster;
import io.opencrane.k8s.object.ObjectStore;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;

/**
 * What every {@link Cluster} must do, as tests to extend. The cluster must hold the CRD bundle; it may be shared and is left with one
 * namespace a test and a few cluster-scoped objects more.
 */
public abstract class ClusterTck extends PodCases {
    private String namespace = "";

    /** For subclasses, which JUnit makes. */
    protected ClusterTck() {}

    /**
     * The objects of the cluster under test, through which the cases arrange what the port cannot.
     *
     * @return the same store within a test
     */
    @Override
    public abstract ObjectStore objects();

    /**
     * The cluster under test.
     *
     * @param scope the namespaces it may work in
     * @return a cluster over {@link #objects()}
     */
    @Override
    public abstract Cluster cluster(InstanceScope scope);

    /**
     * A namespace of this test's own.
     *
     * @return its name
     */
    @Override
    public final String namespace() {
        return namespace;
    }

    @BeforeEach
    final void makeNamespace() {
        namespace = "tck-" + UUID.randomUUID().toString().substring(0, 8);
        objects().create(Samples.namespace(namespace));
    }
}
