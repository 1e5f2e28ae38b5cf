package io.opencrane.samples.operator;

import io.opencrane.api.error.OpenCraneException;
import io.opencrane.k8s.informer.InformerCache;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The library's cache, which every job reads through and is woken by. java-operator-sdk starts the jobs side by side: the first one fills
 * it, the others wait for that. Thread-safe.
 */
final class SharedCache implements AutoCloseable {
    private static final Duration FILLED_WITHIN = Duration.ofSeconds(60);

    private final InformerCache cache;
    private final FutureTask<InformerCache> filling;

    SharedCache(InformerCache cache) {
        this.cache = cache;
        filling = new FutureTask<>(() -> cache.start(FILLED_WITHIN));
    }

    InformerCache reader() {
        return cache;
    }

    /** Fails for everybody if it cannot be filled. */
    void fill() {
        filling.run(); // does nothing the second time
        try {
            filling.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof OpenCraneException failure ? failure : new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The thread was interrupted while the caches were filled.", e);
        }
    }

    boolean hasFailed() {
        return cache.hasFailed();
    }

    boolean isWatching() {
        return cache.isWatching();
    }

    @Override
    public void close() {
        cache.close();
    }
}
