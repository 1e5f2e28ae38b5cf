package io.opencrane.k8s.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.k8s.object.Refusal.Guard;
import io.opencrane.k8s.object.Refusal.Quote;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalTest {
    private static OpenCraneException refused(int code, Status status) {
        return new Refusal("Tenant opencrane/acme", Quote.YES, Guard.NONE, code, status).asException();
    }

    private static Status because(String reason, String message) {
        return new StatusBuilder()
                .withReason("X")
                .withNewDetails()
                .addNewCause("f", message, reason)
                .endDetails()
                .build();
    }

    @ParameterizedTest
    @CsvSource({
        "400, VALIDATION_ERROR, false", "401, UNAUTHORIZED, false", "403, FORBIDDEN, false",
        "404, DEPENDENCY_NOT_CONFIGURED, false", "405, UPSTREAM_ERROR, false", "408, TIMEOUT, true",
        "409, CONFLICT, false", "410, EXPIRED, false", "413, PAYLOAD_TOO_LARGE, false",
        "422, VALIDATION_ERROR, false", "429, UPSTREAM_ERROR, true", "500, UPSTREAM_ERROR, true",
        "502, UPSTREAM_ERROR, true", "503, UPSTREAM_ERROR, true", "504, TIMEOUT, true",
        "302, UPSTREAM_ERROR, false",
    })
    void everyStatusHasACodeAndSaysWhetherToTryAgain(int code, ErrorCode expected, boolean retryable) {
        OpenCraneException failure = refused(code, new Status());
        assertThat(failure.code()).isEqualTo(expected);
        assertThat(failure.isRetryable()).isEqualTo(retryable);
        assertThat(failure.subject()).isEqualTo("Tenant opencrane/acme");
    }

    @Test
    void onlyTheServersOwnNotFoundIsAbsence() {
        Status named = new StatusBuilder()
                .withReason("NotFound")
                .withNewDetails()
                .withName("acme")
                .endDetails()
                .build();
        Status unnamed = new StatusBuilder().withReason("NotFound").build();
        assertThat(new Refusal("x", Quote.YES, Guard.NONE, 404, named).isAbsent())
                .isTrue();
        assertThat(new Refusal("x", Quote.YES, Guard.NONE, 404, unnamed).isAbsent())
                .isFalse();
        assertThat(new Refusal("x", Quote.YES, Guard.NONE, 404, new Status()).isAbsent())
                .isFalse();
        assertThat(new Refusal("x", Quote.YES, Guard.NONE, 403, named).isAbsent())
                .isFalse();
    }

    @Test
    void aTerminatingNamespaceMeansWait() {
        OpenCraneException failure = refused(403, because("NamespaceTerminating", "namespace x is being terminated"));
        assertThat(failure.code()).isEqualTo(ErrorCode.BEING_DELETED);
        assertThat(failure.isRetryable()).isTrue();
    }

    @Test
    void newerServersSayWhetherATestFailed() {
        Status test =
                because("UnexpectedServerResponse", "testing value /metadata/resourceVersion failed: test failed");
        Status other = because("UnexpectedServerResponse", "remove operation does not apply: missing path");
        assertThat(new Refusal("x", Quote.YES, Guard.TEST, 422, test)
                        .asException()
                        .code())
                .isEqualTo(ErrorCode.CONFLICT);
        assertThat(new Refusal("x", Quote.YES, Guard.TEST, 422, other)
                        .asException()
                        .code())
                .isEqualTo(ErrorCode.VALIDATION_ERROR);
        assertThat(new Refusal("x", Quote.YES, Guard.NONE, 422, test)
                        .asException()
                        .code())
                .isEqualTo(ErrorCode.VALIDATION_ERROR);
    }

    @Test
    void severalOwnersOfFieldsAreAllNamed() {
        Status status = new StatusBuilder()
                .withReason("Conflict")
                .withNewDetails()
                .addNewCause(".spec.b", "conflict with \"kubectl\" using apps/v1", "FieldManagerConflict")
                .addNewCause(".spec.a", "conflict with \"kubectl\" using apps/v1", "FieldManagerConflict")
                .addNewCause(".spec.c", "conflict with \"hpa\" with subresource \"scale\"", "FieldManagerConflict")
                .endDetails()
                .build();
        assertThat(refused(409, status))
                .hasMessageContaining("Field manager hpa owns .spec.c; Field manager kubectl owns .spec.a, .spec.b.");
    }

    @Test
    void longWordsAreShortened() {
        Status status = new StatusBuilder().withMessage("x".repeat(100_000)).build();
        assertThat(refused(403, status).getMessage()).hasSizeLessThan(1_000);
    }
}
