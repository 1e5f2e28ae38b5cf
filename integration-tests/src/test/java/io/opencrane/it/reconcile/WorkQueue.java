package io.opencrane.it.reconcile;

import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.tenant.TenantId;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** What every operator framework has: each tenant at most once at a time, again if something happened meanwhile, and after a failure. */
final class WorkQueue implements AutoCloseable {
    private final int threads;
    private final ExecutorService workers;
    private final Set<TenantId> waiting = new LinkedHashSet<>();
    private final Set<TenantId> busy = new HashSet<>();
    private long processed;

    WorkQueue(int threads) {
        this.threads = threads;
        this.workers = Executors.newFixedThreadPool(threads);
    }

    synchronized void add(TenantId tenant) {
        waiting.add(tenant);
        notifyAll();
    }

    synchronized boolean isIdle() {
        return waiting.isEmpty() && busy.isEmpty();
    }

    synchronized long processed() {
        return processed;
    }

    void process(Consumer<TenantId> work) {
        for (int i = 0; i < threads; i++) {
            workers.execute(() -> {
                try {
                    while (true) {
                        one(work);
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
    }

    private void one(Consumer<TenantId> work) throws InterruptedException {
        TenantId tenant = take();
        try {
            work.accept(tenant);
        } catch (OpenCraneException e) {
            if (!e.isRetryable()) {
                throw e;
            }
            add(tenant);
        } finally {
            done(tenant);
        }
    }

    private synchronized TenantId take() throws InterruptedException {
        while (true) {
            for (TenantId candidate : waiting) {
                if (busy.add(candidate)) {
                    waiting.remove(candidate);
                    return candidate;
                }
            }
            wait();
        }
    }

    private synchronized void done(TenantId tenant) {
        busy.remove(tenant);
        processed++;
        notifyAll();
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
