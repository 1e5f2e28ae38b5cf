package io.opencrane.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.ValidationException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import org.jdbi.v3.core.ConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlFailuresTest {
    private final SqlFailures failures = new SqlFailures("opencrane");

    @ParameterizedTest
    @CsvSource({
        "08001, UPSTREAM_ERROR, true",
        "08006, UPSTREAM_ERROR, true",
        "57P01, UPSTREAM_ERROR, true",
        "57P03, UPSTREAM_ERROR, true",
        "53300, UPSTREAM_ERROR, true",
        "40P01, UPSTREAM_ERROR, true",
        "25006, UPSTREAM_ERROR, true",
        "57014, TIMEOUT, true",
        "55P03, TIMEOUT, true",
        "28P01, UNAUTHORIZED, false",
        "28000, UNAUTHORIZED, false",
        "42501, FORBIDDEN, false",
        "3D000, DEPENDENCY_NOT_CONFIGURED, false",
        "42P01, INTERNAL, false",
        "23514, INTERNAL, false",
        "22003, INTERNAL, false"
    })
    void everySqlStateHasItsCode(String state, ErrorCode code, boolean retryable) {
        OpenCraneException failure =
                failures.translate("write", new RuntimeException(new SQLException("reason", state)));

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.isRetryable()).isEqualTo(retryable);
        assertThat(failure).hasMessageContaining(state).hasCauseExactlyInstanceOf(SQLException.class);
    }

    @Test
    void aPoolTellsWhyItHasNoConnection() {
        SQLException why = new SQLException("no password", "28P01");
        SQLException pool = new SQLTransientConnectionException("not available", null, 0, why);

        assertThat(failures.translate("read", new ConnectionException(pool)).code())
                .isEqualTo(ErrorCode.UNAUTHORIZED);
    }

    @Test
    void anExhaustedPoolMayHaveRoomLater() {
        OpenCraneException failure =
                failures.translate("read", new ConnectionException(new SQLTransientConnectionException("timed out")));

        assertThat(failure.code()).isEqualTo(ErrorCode.UPSTREAM_ERROR);
        assertThat(failure.isRetryable()).isTrue();
    }

    @Test
    void anAnswerThatNeverCameIsATimeOut() {
        SQLException lost = new SQLException("I/O error", "08006", new SocketTimeoutException("Read timed out"));

        assertThat(failures.translate("write", lost).code()).isEqualTo(ErrorCode.TIMEOUT);
    }

    @Test
    void ourOwnExceptionsPassThrough() {
        ValidationException ours = new ValidationException("x", List.of());

        assertThat(failures.translate("write", ours)).isSameAs(ours);
    }
}
