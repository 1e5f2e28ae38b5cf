package io.opencrane.webhook;

import io.opencrane.api.clustertenant.SecretKeyRef;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.provisioner.Provisioning;
import io.opencrane.api.provisioner.Provisioning.State;
import io.opencrane.api.resource.FreeForm;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what a provisioner's backend answers, and nothing else. What is refused is not quoted: it may be a credential. Pure. */
final class ProvisionerAnswer {
    private static final int MAX_MESSAGE = 1_000;
    private static final String PHASE = "phase";
    private static final String MESSAGE = "message";
    private static final String NAMESPACE = "boundNamespace";
    private static final String KUBECONFIG = "kubeconfigSecretRef";
    private static final String OPERATION = "operationId";
    private static final String RETRY_AFTER = "retryAfterSeconds";
    private static final Set<String> FIELDS = Set.of(PHASE, MESSAGE, NAMESPACE, KUBECONFIG, OPERATION, RETRY_AFTER);
    private static final Set<String> REFERENCE = Set.of("namespace", "name", "key");

    private final String subject;

    ProvisionerAnswer(String subject) {
        this.subject = subject;
    }

    /** What provision and status are answered. */
    Provisioning standing(FreeForm answer) {
        Map<String, Object> fields = checked(answer);
        State state = state(fields);
        if (state == State.READY && !fields.containsKey(KUBECONFIG)) {
            throw refused("It says ready without a kubeconfigSecretRef.");
        }
        return provisioning(state, fields);
    }

    /** What deprovision is answered. Nothing but an answer without any field says that all is gone, and a 202 says that it is not. */
    Provisioning removal(Exchange.Answer answer) {
        Map<String, Object> fields = checked(answer.body());
        if (fields.isEmpty()) {
            return answer.isAccepted() ? Provisioning.inProgress(null) : Provisioning.absent();
        }
        State state = state(fields);
        if (state == State.READY) {
            throw refused("It says ready after it was told to remove the customer.");
        }
        return provisioning(state, fields);
    }

    private Map<String, Object> checked(FreeForm answer) {
        Map<String, Object> fields = answer.asMap();
        if (InlineCredentials.in(fields)) {
            throw refused("Its answer holds a credential; only a reference to a Secret is accepted.");
        }
        if (!FIELDS.containsAll(fields.keySet())) {
            throw refused("Its answer has a field that is none of the contract's.");
        }
        return fields;
    }

    private State state(Map<String, Object> fields) {
        String phase = text(fields, PHASE);
        if (phase == null) {
            throw refused("Its answer has no phase.");
        }
        return switch (phase) {
            case "pending", "provisioning" -> State.IN_PROGRESS;
            case "ready" -> State.READY;
            case "failed" -> State.FAILED;
            default -> throw refused("The phase it answers is none of pending, provisioning, ready and failed.");
        };
    }

    private Provisioning provisioning(State state, Map<String, Object> fields) {
        String operation = text(fields, OPERATION);
        if (operation != null && !operation.matches("[!-~]{1,253}")) {
            throw refused("The operationId it answers is not 1 to 253 printable characters.");
        }
        String message = text(fields, MESSAGE);
        if (message == null && state == State.FAILED) {
            message = "The provisioner gives no reason.";
        }
        return new Provisioning(
                state, shortened(message), text(fields, NAMESPACE), reference(fields), operation, retryAfter(fields));
    }

    private @Nullable SecretKeyRef reference(Map<String, Object> fields) {
        Object value = fields.get(KUBECONFIG);
        if (value == null) {
            return null;
        }
        if (!(value instanceof Map<?, ?> ref) || !REFERENCE.containsAll(ref.keySet())) {
            throw refused("The kubeconfigSecretRef it answers is more or other than namespace, name and key.");
        }
        Object namespace = ref.get("namespace");
        Object name = ref.get("name");
        Object key = ref.containsKey("key") ? ref.get("key") : SecretKeyRef.DEFAULT_KUBECONFIG_KEY;
        if (namespace instanceof String inNamespace && name instanceof String named && key instanceof String atKey) {
            return new SecretKeyRef(inNamespace, named, atKey);
        }
        throw refused("The kubeconfigSecretRef it answers names no key of a Secret.");
    }

    private @Nullable Duration retryAfter(Map<String, Object> fields) {
        Object value = fields.get(RETRY_AFTER);
        if (value == null) {
            return null;
        }
        if (value instanceof Long seconds && seconds > 0) {
            return Duration.ofSeconds(seconds);
        }
        throw refused("The retryAfterSeconds it answers is no positive number of seconds.");
    }

    private @Nullable String text(Map<String, Object> fields, String name) {
        Object value = fields.get(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw refused("The " + name + " it answers is no text.");
    }

    private static @Nullable String shortened(@Nullable String message) {
        if (message == null || message.isBlank()) {
            return null;
        }
        return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE - 1) + "…";
    }

    private OpenCraneException refused(String sentence) {
        return new OpenCraneException(ErrorCode.UPSTREAM_ERROR, subject, sentence);
    }
}
