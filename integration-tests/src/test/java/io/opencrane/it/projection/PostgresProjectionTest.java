package io.opencrane.it.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.core.port.ProjectionStore;
import io.opencrane.postgres.PostgresProjection;
import io.opencrane.postgres.ProjectionOptions;
import io.opencrane.testkit.projection.ProjectionStoreTck;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract on a real PostgreSQL, a schema a test, two rows a fetch so that streams cross batches. */
@ExtendWith(PostgresServer.Resolver.class)
class PostgresProjectionTest extends ProjectionStoreTck {
    private final PostgresServer server;

    PostgresProjectionTest(PostgresServer server) {
        this.server = server;
    }

    @Override
    protected ProjectionStore createStore(InstantSource clock) {
        return PostgresProjection.using(
                server.dataSource(),
                ProjectionOptions.defaults()
                        .withSchema(server.newSchema())
                        .withClock(clock)
                        .withRowsAtOnce(2));
    }

    @AfterEach
    void noConnectionIsLeftBehind() {
        assertThat(server.busyConnections()).isZero();
    }
}
