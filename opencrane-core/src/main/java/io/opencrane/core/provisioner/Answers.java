package io.opencrane.core.provisioner;

import io.opencrane.api.clustertenant.SecretKeyRef;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.OpenCraneException.Retry;
import io.opencrane.api.provisioner.Provisioning;
import io.opencrane.api.provisioner.Provisioning.State;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a provisioner may answer. It ends in a status that everybody reads, so a credential in it is refused (invariant 7). Pure. */
final class Answers {
    static final int MAX_MESSAGE = 1_000;
    static final Duration SOONEST = Duration.ofSeconds(1);
    static final Duration LATEST = Duration.ofMinutes(10);

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern DNS_NAME =
            Pattern.compile("(?=.{1,253}$)" + LABEL.pattern() + "(\\." + LABEL.pattern() + ")*");
    private static final Pattern KEY = Pattern.compile("[-._A-Za-z0-9]{1,253}");
    private static final Pattern OPERATION = Pattern.compile("[!-~]{1,253}");
    private static final Pattern CREDENTIAL = Pattern.compile(
            "-----BEGIN|LS0tLS1CRUdJTi|(client-key|client-certificate|certificate-authority)-data|bearer\\s+\\S{8}"
                    + "|\\beyJ[A-Za-z0-9_-]{8,1000}\\.[A-Za-z0-9_-]{8}"
                    + "|(password|passwd|token|secret|api-?key)[\"']?\\s*[:=]\\s*\\S",
            Pattern.CASE_INSENSITIVE);

    private Answers() {}

    /** @param senseless a state that cannot answer this question, or null */
    static Provisioning checked(String subject, @Nullable Provisioning answer, @Nullable State senseless) {
        if (answer == null) {
            throw refused(subject, "It answered nothing.");
        }
        if (answer.state() == senseless) {
            throw refused(subject, "It answered " + senseless + ", which is no answer to what it was asked.");
        }
        String namespace = answer.boundNamespace();
        if (namespace != null && !LABEL.matcher(namespace).matches()) {
            throw refused(subject, "The boundNamespace it answered is no name of a namespace.");
        }
        if (answer.state() == State.READY && answer.kubeconfigSecretRef() == null) {
            throw refused(subject, "It says ready without a kubeconfigSecretRef.");
        }
        String operation = answer.operationId();
        if (operation != null
                && (!OPERATION.matcher(operation).matches()
                        || CREDENTIAL.matcher(operation).find())) {
            throw refused(
                    subject, "The operationId it answered is not 1 to 253 printable characters without a secret.");
        }
        return new Provisioning(
                answer.state(),
                message(answer.message()),
                namespace,
                reference(subject, answer.kubeconfigSecretRef()),
                operation,
                within(answer.askAgainAfter()));
    }

    private static @Nullable SecretKeyRef reference(String subject, @Nullable SecretKeyRef ref) {
        if (ref == null) {
            return null;
        }
        String key = ref.key().isEmpty() ? SecretKeyRef.DEFAULT_KUBECONFIG_KEY : ref.key();
        boolean isReference = LABEL.matcher(ref.namespace()).matches()
                && DNS_NAME.matcher(ref.name()).matches()
                && KEY.matcher(key).matches();
        if (!isReference) {
            throw refused(subject, "The kubeconfigSecretRef it answered names no key of a Secret.");
        }
        return new SecretKeyRef(ref.namespace(), ref.name(), key);
    }

    static @Nullable String message(@Nullable String message) {
        if (message == null || message.isBlank()) {
            return null;
        }
        if (CREDENTIAL.matcher(message).find()) {
            return "The provisioner's message is withheld, because it looks as if it held a credential.";
        }
        String oneLine = message.replaceAll("\\p{Cntrl}+", " ").strip();
        String shortened = oneLine.length() <= MAX_MESSAGE ? oneLine : oneLine.substring(0, MAX_MESSAGE - 1) + "…";
        // No store keeps half a character, neither one that was cut just now nor one that came so.
        return shortened.replaceAll("\\p{Cs}", "?");
    }

    private static @Nullable Duration within(@Nullable Duration delay) {
        if (delay == null) {
            return null;
        }
        if (delay.compareTo(SOONEST) < 0) {
            return SOONEST;
        }
        return delay.compareTo(LATEST) > 0 ? LATEST : delay;
    }

    private static OpenCraneException refused(String subject, String sentence) {
        return new OpenCraneException(ErrorCode.UPSTREAM_ERROR, subject, sentence, Retry.MAY_HELP, null);
    }
}
