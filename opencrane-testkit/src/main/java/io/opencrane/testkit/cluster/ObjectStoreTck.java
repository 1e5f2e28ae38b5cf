package io.opencrane.testkit.cluster;

import io.opencrane.k8s.object.ObjectStore;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;

/**
 * What every {@link ObjectStore} must do, as tests to extend. The cluster must hold the CRD bundle; it may be shared and is left with one
 * namespace a test and a few cluster-scoped objects more. Where a case and the real API server differ, the case is wrong.
 */
public abstract class ObjectStoreTck extends NetworkPolicyCases {
    private String namespace = "";

    /** For subclasses, which JUnit makes. */
    protected ObjectStoreTck() {}

    /**
     * The store under test.
     *
     * @return the same store within a test
     */
    @Override
    public abstract ObjectStore objects();

    /**
     * Whether a controller-manager runs, without which a namespace never empties and some cases cannot be shown.
     *
     * @return false unless overridden
     */
    @Override
    public boolean hasControllers() {
        return false;
    }

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
