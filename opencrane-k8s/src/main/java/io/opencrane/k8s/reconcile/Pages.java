package io.opencrane.k8s.reconcile;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.Resource;
import io.opencrane.core.port.ResourceStore;
import io.opencrane.core.port.ResourceStore.Chunk;
import java.util.ArrayList;
import java.util.List;

/** Reads a whole list of custom resources. */
final class Pages {
    private static final int CHUNK = 500;
    private static final int ATTEMPTS = 3;

    private Pages() {}

    /** What is in a namespace; a list that expires on the way is read again from its start. */
    static <R extends Resource> List<R> all(ResourceStore resources, Class<R> type, String namespace) {
        for (int attempt = 1; ; attempt++) {
            try {
                return once(resources, type, namespace);
            } catch (OpenCraneException e) {
                if (e.code() != ErrorCode.EXPIRED || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static <R extends Resource> List<R> once(ResourceStore resources, Class<R> type, String namespace) {
        List<R> all = new ArrayList<>();
        String token = null;
        do {
            Chunk<R> chunk = resources.page(type, namespace, CHUNK, token);
            all.addAll(chunk.items());
            token = chunk.continueToken();
        } while (token != null);
        return all;
    }
}
