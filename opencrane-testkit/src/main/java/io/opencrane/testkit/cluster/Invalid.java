package io.opencrane.testkit.cluster;

import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with one object, so that it is refused once with everything. */
final class Invalid {
    private final List<Problem> problems = new ArrayList<>();

    void add(String path, Problem.Code code, String message) {
        problems.add(new Problem(path, code, message));
    }

    void check(boolean sound, String path, Problem.Code code, String message) {
        if (!sound) {
            add(path, code, message);
        }
    }

    boolean isEmpty() {
        return problems.isEmpty();
    }

    void throwIfAny(String subject) {
        if (!problems.isEmpty()) {
            throw new ValidationException(subject, problems);
        }
    }
}
