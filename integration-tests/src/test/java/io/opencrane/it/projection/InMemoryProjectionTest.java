package io.opencrane.it.projection;

import io.opencrane.core.port.ProjectionStore;
import io.opencrane.testkit.projection.InMemoryProjection;
import io.opencrane.testkit.projection.ProjectionStoreTck;
import java.time.InstantSource;

/** The same contract in memory: a fake that drifts from PostgreSQL fails here. */
class InMemoryProjectionTest extends ProjectionStoreTck {
    @Override
    protected ProjectionStore createStore(InstantSource clock) {
        return new InMemoryProjection(clock);
    }
}
