package io.opencrane.k8s.object;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.OpenCraneException.Retry;
import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an API server's refusal means to us.
 *
 * @param subject the object, for messages
 * @param mayQuote whether the server's words may be repeated. For a Secret they may not: the server quotes the body it could not read
 * @param guard whether the request was a JSON patch with a {@code test}
 * @param code the HTTP status
 * @param status the body; empty if it was not a Status
 */
record Refusal(String subject, Quote mayQuote, Guard guard, int code, Status status) {
    private static final Pattern MANAGER = Pattern.compile("conflict with \"(.*?)\".*");
    private static final Pattern FAILED_TEST = Pattern.compile(".*testing (value|path) .* failed.*", Pattern.DOTALL);
    private static final Pattern UNDECLARED =
            Pattern.compile(".*?(\\.[^\\s:]+): field not declared in schema.*", Pattern.DOTALL);
    private static final int LONGEST_QUOTE = 500;

    /** Whether the server's words may be repeated. */
    enum Quote {
        /** They may. */
        YES,
        /** They may hold a secret. */
        NO
    }

    /** Whether a JSON patch tests before it changes. */
    enum Guard {
        /** It does. */
        TEST,
        /** It does not, or it is no JSON patch. */
        NONE
    }

    /** Absent means that the server knows the type and has no such object; a 404 of a proxy or of an unserved type is neither. */
    boolean isAbsent() {
        return code == 404
                && "NotFound".equals(status.getReason())
                && status.getDetails() != null
                && status.getDetails().getName() != null;
    }

    OpenCraneException asException() {
        switch (code) {
            case 400, 422:
                return isFailedTest()
                        ? failure(
                                ErrorCode.CONFLICT,
                                "It changed since it was read: a test of the patch failed",
                                Retry.POINTLESS)
                        : validation();
            case 401:
                return failure(
                        ErrorCode.UNAUTHORIZED, "The API server does not accept the credential", Retry.POINTLESS);
            case 403:
                return hasCause("NamespaceTerminating")
                        ? failure(ErrorCode.BEING_DELETED, "The namespace is being deleted", Retry.MAY_HELP)
                        : failure(ErrorCode.FORBIDDEN, "The API server refuses it", Retry.POINTLESS);
            case 404:
                return notFound();
            case 409:
                return conflict();
            case 410:
                return failure(
                        ErrorCode.EXPIRED, "The list has changed too much to go on; start it again", Retry.POINTLESS);
            case 413:
                return failure(ErrorCode.PAYLOAD_TOO_LARGE, "It is larger than the API server takes", Retry.POINTLESS);
            case 408, 504:
                return failure(
                        ErrorCode.TIMEOUT, "The API server gave up; whether it acted is unknown", Retry.MAY_HELP);
            default:
                return upstream();
        }
    }

    /**
     * Newer servers say that a test failed. Old ones (1.20) answer every JSON patch that does not fit with the same bare 422; there a patch
     * with a test is taken to have failed it, since everything after the test fits what it tested.
     */
    private boolean isFailedTest() {
        return guard == Guard.TEST
                && code == 422
                && (causes().isEmpty()
                        || causes().stream()
                                .anyMatch(cause -> FAILED_TEST
                                        .matcher(String.valueOf(cause.getMessage()))
                                        .matches()));
    }

    private OpenCraneException notFound() {
        if (isAbsent() && "namespaces".equals(status.getDetails().getKind()) && !subject.startsWith("Namespace ")) {
            return failure(
                    ErrorCode.NOT_FOUND,
                    "Namespace " + status.getDetails().getName() + " does not exist",
                    Retry.POINTLESS);
        }
        return isAbsent()
                ? failure(ErrorCode.NOT_FOUND, "There is no such object", Retry.POINTLESS)
                : failure(
                        ErrorCode.DEPENDENCY_NOT_CONFIGURED, // absence of a path is not absence of an object (invariant
                        // 3)
                        "The API server does not serve this type; install the CRD bundle, or check the server's URL",
                        Retry.POINTLESS);
    }

    private OpenCraneException conflict() {
        Map<String, TreeSet<String>> owners = new TreeMap<>();
        for (StatusCause cause : causes()) {
            Matcher manager = MANAGER.matcher(String.valueOf(cause.getMessage()));
            if ("FieldManagerConflict".equals(cause.getReason()) && manager.matches()) {
                owners.computeIfAbsent(manager.group(1), name -> new TreeSet<>())
                        .add(String.valueOf(cause.getField()));
            }
        }
        if (!owners.isEmpty()) {
            return new FieldConflictException(subject, owners);
        }
        if ("AlreadyExists".equals(status.getReason())) {
            return new OpenCraneException(ErrorCode.ALREADY_EXISTS, subject, "An object of this name exists.");
        }
        return failure(ErrorCode.CONFLICT, "It is not the object or the version that was read", Retry.POINTLESS);
    }

    private OpenCraneException validation() {
        List<Problem> problems = causes().stream()
                .filter(cause -> cause.getField() != null)
                .map(cause -> new Problem(cause.getField(), problemCode(cause.getReason()), quoted(cause.getMessage())))
                .distinct()
                .toList();
        return new ValidationException(
                subject,
                problems.isEmpty()
                        ? List.of(new Problem("body", Problem.Code.MALFORMED, quoted(message())))
                        : problems);
    }

    private static Problem.Code problemCode(@Nullable String reason) {
        return switch (String.valueOf(reason)) {
            case "FieldValueRequired" -> Problem.Code.REQUIRED;
            case "FieldValueNotSupported", "FieldValueNotFound" -> Problem.Code.UNKNOWN;
            case "FieldValueTooLong", "FieldValueTooMany" -> Problem.Code.TOO_LONG;
            case "FieldValueForbidden", "FieldValueDuplicate" -> Problem.Code.CONTRADICTION;
            default -> Problem.Code.MALFORMED;
        };
    }

    private OpenCraneException upstream() {
        Matcher undeclared = UNDECLARED.matcher(message());
        if (code == 500 && undeclared.matches()) {
            // Server-side apply says 500 for what is wrong with our object; waiting does not help (DECISIONS 5).
            return new ValidationException(
                    subject,
                    List.of(new Problem(
                            undeclared.group(1), Problem.Code.UNKNOWN, "The schema does not declare this field.")));
        }
        boolean malformed = message().startsWith("Invalid JSON Patch")
                || message().startsWith("failed to create typed patch object");
        if (code == 500 && malformed) {
            return validation();
        }
        if (code == 500 && message().contains("resourceVersion should not be set on objects to be created")) {
            return new ValidationException(
                    subject,
                    List.of(new Problem(
                            "metadata.resourceVersion",
                            Problem.Code.CONTRADICTION,
                            "An object to be created has none; leave it out.")));
        }
        if (code == 500 && message().contains("request is too large")) {
            return failure(ErrorCode.PAYLOAD_TOO_LARGE, "It is larger than the API server stores", Retry.POINTLESS);
        }
        boolean mayPass = code == 429 || code >= 500;
        return failure(
                ErrorCode.UPSTREAM_ERROR,
                "The API server answered " + code,
                mayPass ? Retry.MAY_HELP : Retry.POINTLESS);
    }

    private OpenCraneException failure(ErrorCode errorCode, String sentence, Retry retry) {
        String words = mayQuote == Quote.YES ? message() : "";
        return new OpenCraneException(
                errorCode, subject, words.isEmpty() ? sentence + "." : sentence + ": " + shortened(words), retry, null);
    }

    private String quoted(@Nullable String words) {
        if (mayQuote == Quote.NO) {
            return "The API server refuses it; its words are left out because they may quote the secret.";
        }
        return words == null || words.isEmpty() ? "The API server refuses it." : shortened(words);
    }

    private static String shortened(String words) {
        return words.length() <= LONGEST_QUOTE ? words : words.substring(0, LONGEST_QUOTE) + "…";
    }

    private boolean hasCause(String reason) {
        return causes().stream().anyMatch(cause -> reason.equals(cause.getReason()));
    }

    private List<StatusCause> causes() {
        return status.getDetails() == null || status.getDetails().getCauses() == null
                ? List.of()
                : status.getDetails().getCauses();
    }

    private String message() {
        return status.getMessage() == null ? "" : status.getMessage();
    }
}
