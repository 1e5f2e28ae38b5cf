package io.opencrane.testkit.litellm;

import java.time.Duration;

/** Something that goes wrong with one request (F29). Given to {@link FakeLiteLlm#failNext} and {@link FakeLiteLlm#failAfter}. */
public final class LiteLlmFault {
    /** How a request goes wrong. */
    enum Kind {
        ANSWER_STATUS,
        NOT_FOUND,
        RATE_LIMIT,
        REFUSE_CONNECTION,
        LOSE_ANSWER,
        WITHHOLD_ANSWER,
        ANSWER_LATE,
        COMMIT_LATER
    }

    private final Kind kind;
    private final int number;

    private LiteLlmFault(Kind kind, int number) {
        this.kind = kind;
        this.number = number;
    }

    /**
     * The request does not act and is answered with an error of the proxy, or of what stands before it.
     *
     * @param status 500 for LiteLLM's own internal error, 429 with {@code retry-after: 0}, any other for a bare one
     * @return the fault
     * @throws IllegalArgumentException if it is not from 300 to 599
     */
    public static LiteLlmFault status(int status) {
        if (status < 300 || status > 599) {
            throw new IllegalArgumentException("An error has a status from 300 to 599; asked for " + status + ".");
        }
        return new LiteLlmFault(Kind.ANSWER_STATUS, status);
    }

    /**
     * The lookup fails and is answered as if the object were not there, as some releases do.
     *
     * @return the fault
     */
    public static LiteLlmFault lookupFailsAsNotFound() {
        return new LiteLlmFault(Kind.NOT_FOUND, 0);
    }

    /**
     * The request does not act and is answered as beyond a rate limit, with the headers {@code retry-after}, {@code rate_limit_type} and
     * {@code reset_at}. Such an answer of a management route would come from what stands before the proxy.
     *
     * @param retryAfter what it says to wait, in whole seconds
     * @return the fault
     */
    public static LiteLlmFault rateLimited(Duration retryAfter) {
        return new LiteLlmFault(Kind.RATE_LIMIT, Math.toIntExact(retryAfter.toSeconds()));
    }

    /**
     * The connection is closed before the request acts. Some clients, Java's among them, send a GET again by themselves then.
     *
     * @return the fault
     */
    public static LiteLlmFault dropRequest() {
        return new LiteLlmFault(Kind.REFUSE_CONNECTION, 0);
    }

    /**
     * The request acts, and the connection is closed before the answer.
     *
     * @return the fault
     */
    public static LiteLlmFault loseAnswer() {
        return new LiteLlmFault(Kind.LOSE_ANSWER, 0);
    }

    /**
     * The request acts, and the answer comes only when {@link FakeLiteLlm#releaseAnswers()} is called, or never.
     *
     * @return the fault
     */
    public static LiteLlmFault withholdAnswer() {
        return new LiteLlmFault(Kind.WITHHOLD_ANSWER, 0);
    }

    /**
     * The request acts, and the answer comes that much later, or when {@link FakeLiteLlm#releaseAnswers()} is called.
     *
     * @param delay how long, of the system's clock
     * @return the fault
     */
    public static LiteLlmFault answerLate(Duration delay) {
        return new LiteLlmFault(Kind.ANSWER_LATE, Math.toIntExact(delay.toMillis()));
    }

    /**
     * The connection is closed at once, and the request acts later.
     *
     * @param laterRequests how many further requests are handled before it acts, 0 or more
     * @return the fault
     * @throws IllegalArgumentException if less than 0
     */
    public static LiteLlmFault commitLater(int laterRequests) {
        if (laterRequests < 0) {
            throw new IllegalArgumentException(
                    "A request acts after 0 or more others; asked for " + laterRequests + ".");
        }
        return new LiteLlmFault(Kind.COMMIT_LATER, laterRequests);
    }

    /** The fault of a factory method here, with its argument as a number; durations are in seconds. */
    static LiteLlmFault named(String method, int number) {
        return switch (method) {
            case "status" -> status(number);
            case "lookupFailsAsNotFound" -> lookupFailsAsNotFound();
            case "rateLimited" -> rateLimited(Duration.ofSeconds(number));
            case "dropRequest" -> dropRequest();
            case "loseAnswer" -> loseAnswer();
            case "withholdAnswer" -> withholdAnswer();
            case "answerLate" -> answerLate(Duration.ofSeconds(number));
            case "commitLater" -> commitLater(number);
            default -> throw new IllegalArgumentException("There is no fault " + method + ".");
        };
    }

    Kind kind() {
        return kind;
    }

    int number() {
        return number;
    }

    @Override
    public String toString() {
        return kind + (number == 0 ? "" : "(" + number + ")");
    }
}
