package io.opencrane.api.error;

import java.util.List;
import java.util.stream.Collectors;

/** A refused input, with all its problems at once. Nothing was written. */
public final class ValidationException extends OpenCraneException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /**
     * Refuses an input.
     *
     * @param subject what was refused
     * @param problems at least one problem
     */
    public ValidationException(String subject, List<Problem> problems) {
        super(
                ErrorCode.VALIDATION_ERROR,
                subject,
                problems.stream().map(Problem::toString).collect(Collectors.joining(" ")));
        this.problems = List.copyOf(problems);
    }

    /**
     * Everything that is wrong, in the order of the input's fields.
     *
     * @return at least one problem
     */
    public List<Problem> problems() {
        return problems;
    }
}
