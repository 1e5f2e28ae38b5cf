package io.opencrane.k8s.reconcile;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.k8s.object.FieldConflictException;
import java.util.function.Supplier;

/** Somebody else wrote between a read and a write, or deleted what was read. The next call reads anew, so calling again helps, and nobody is to blame. */
final class LostRace {
    private LostRace() {}

    static boolean is(OpenCraneException e) {
        return e.code() == ErrorCode.TENANT_NOT_FOUND
                || e.code() == ErrorCode.CLUSTER_TENANT_NOT_FOUND
                || e.code() == ErrorCode.POLICY_NOT_FOUND
                || e.code() == ErrorCode.CONFLICT && !(e instanceof FieldConflictException);
    }

    static <T> T mayPass(Supplier<T> work) {
        try {
            return work.get();
        } catch (OpenCraneException e) {
            if (!is(e) || e.isRetryable()) {
                throw e;
            }
            throw new OpenCraneException(
                    ErrorCode.CONFLICT,
                    e.subject(),
                    "It changed or went since it was read; reconcile again.",
                    OpenCraneException.Retry.MAY_HELP,
                    e);
        }
    }
}
