package io.opencrane.samples.dedicatedcluster;

import io.opencrane.api.clustertenant.SecretKeyRef;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Secrets for the demo and the tests. An empty one is somebody else's. Thread-safe. */
final class InMemorySecrets implements KubeconfigSecrets {
    private final Map<SecretKeyRef, String> secrets = new ConcurrentHashMap<>();

    @Override
    public boolean exists(SecretKeyRef ref) {
        String content = secrets.get(ref);
        if (content != null && content.isEmpty()) {
            throw new OpenCraneException(ErrorCode.NAME_TAKEN, "Secret " + ref.name(), "Somebody else made it.");
        }
        return content != null;
    }

    /** Whoever made it. */
    boolean holds(SecretKeyRef ref) {
        return secrets.containsKey(ref);
    }

    @Override
    public void create(SecretKeyRef ref, String kubeconfig) {
        if (secrets.putIfAbsent(ref, kubeconfig) != null) {
            throw AcmeErrors.of(409);
        }
    }

    @Override
    public void delete(SecretKeyRef ref) {
        secrets.remove(ref);
    }
}
