package io.opencrane.k8s.apply;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;

/** Applies have no effect, or none that lasts (DECISIONS 16). Its code is {@code INTERNAL}. */
public final class NotConvergingException extends OpenCraneException {
    private static final long serialVersionUID = 1L;

    NotConvergingException(PlannedChange change) {
        super(ErrorCode.INTERNAL, change.change().ref().toString(), change.notConverging());
    }
}
