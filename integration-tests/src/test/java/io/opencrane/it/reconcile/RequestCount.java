package io.opencrane.it.reconcile;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/** Counts what a client really sends, leases excluded: renewing one is a write by nature (DECISIONS 27). */
final class RequestCount implements Interceptor {
    static final Predicate<HttpRequest> IS_WRITE = request -> !request.method().equals("GET");
    static final Predicate<HttpRequest> IS_WATCH =
            request -> String.valueOf(request.uri().getQuery()).contains("watch=true");

    private final Queue<HttpRequest> sent = new ConcurrentLinkedQueue<>();

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        if (!request.uri().getPath().contains("/leases")) {
            sent.add(request);
        }
    }

    long count(Predicate<HttpRequest> which) {
        return sent.stream().filter(which).count();
    }

    void reset() {
        sent.clear();
    }
}
