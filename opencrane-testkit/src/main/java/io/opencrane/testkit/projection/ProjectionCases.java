package io.opencrane.testkit.projection;

import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.port.ProjectionStore;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;

/** What all parts of {@link ProjectionStoreTck} stand on: a store made new for every test, and its clock. */
abstract class ProjectionCases {
    static final TenantId ACME = new TenantId("opencrane", "acme");
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    /** The store's clock; a test may set it. */
    volatile Instant now = NOW;

    /** Made new for every test, and empty. */
    private ProjectionStore store;

    abstract ProjectionStore newStore() throws Exception;

    @BeforeEach
    final void openStore() throws Exception {
        store = newStore();
    }

    final ProjectionStore store() {
        return store;
    }

    final AuditEntry audit(String action) {
        return new AuditEntry(now, ACME, action, "Tenant opencrane/acme", "Done.", FreeForm.empty());
    }

    final ProjectionStore.Written write(RowBuilder row) {
        return store.tenants().write(row.build(), audit("tenant.update"));
    }

    final void remove(String uid) {
        store.tenants().remove(ACME, uid, audit("tenant.delete"));
    }

    static RowBuilder acme() {
        return RowBuilder.row(ACME);
    }

    /** Runs all at the same moment, as far as threads can. */
    static void together(List<Callable<?>> tasks) throws Exception {
        CyclicBarrier start = new CyclicBarrier(tasks.size());
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            List<Future<Object>> running = tasks.stream()
                    .map(task -> threads.submit(() -> {
                        start.await();
                        return (Object) task.call();
                    }))
                    .toList();
            for (Future<Object> one : running) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
