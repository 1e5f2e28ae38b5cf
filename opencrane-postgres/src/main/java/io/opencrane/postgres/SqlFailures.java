package io.opencrane.postgres;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.OpenCraneException.Retry;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What a failure of the driver means to a caller.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL's SQLSTATE codes</a>
 */
final class SqlFailures {
    /** Statement, lock, idle and transaction time-outs. */
    private static final Set<String> TIMEOUTS = Set.of("57014", "55P03", "25P03", "25P04");

    /** Connection, insufficient resources, deadlock or serialization. */
    private static final Set<String> PASSING_CLASSES = Set.of("08", "53", "40");

    private final String subject;

    SqlFailures(String schema) {
        subject = "PostgreSQL schema " + schema;
    }

    /** Never wraps JDBI's own exception where there is an SQLException: it may hold a statement's arguments. */
    OpenCraneException translate(String doing, Throwable failure) {
        if (failure instanceof OpenCraneException ours) {
            return ours;
        }
        SQLException sql = decisive(failure);
        if (sql == null) {
            return new OpenCraneException(
                    ErrorCode.INTERNAL, subject, "Could not " + doing + ".", Retry.POINTLESS, failure);
        }
        ErrorCode code = codeOf(sql);
        boolean passes = code == ErrorCode.UPSTREAM_ERROR || code == ErrorCode.TIMEOUT;
        String state = sql.getSQLState() == null ? "" : ", SQLSTATE " + sql.getSQLState();
        return new OpenCraneException(
                code,
                subject,
                "Could not " + doing + ": " + meaning(code) + state + ".",
                passes ? Retry.MAY_HELP : Retry.POINTLESS,
                withoutData(sql));
    }

    /** The server's detail and context repeat rows and parameters, which may hold a tenant's credentials. */
    private static SQLException withoutData(SQLException sql) {
        ServerErrorMessage told = sql instanceof PSQLException answered ? answered.getServerErrorMessage() : null;
        if (told == null) {
            return sql;
        }
        SQLException plain = new SQLException(told.getSeverity() + ": " + told.getMessage(), sql.getSQLState());
        plain.setStackTrace(sql.getStackTrace());
        return plain;
    }

    OpenCraneException refusal(String sentence) {
        return new OpenCraneException(ErrorCode.DEPENDENCY_NOT_CONFIGURED, subject, sentence);
    }

    /** The first SQLException that has a state: pools wrap the one that tells why they have no connection. */
    private static @Nullable SQLException decisive(Throwable failure) {
        SQLException first = null;
        int depth = 0;
        for (Throwable at = failure; at != null && depth < 20; at = at.getCause(), depth++) {
            if (at instanceof SQLException sql) {
                if (sql.getSQLState() != null) {
                    return sql;
                }
                first = first == null ? sql : first;
            }
        }
        return first;
    }

    private static ErrorCode codeOf(SQLException sql) {
        String state = sql.getSQLState() == null ? "" : sql.getSQLState().toUpperCase(Locale.ROOT);
        if (TIMEOUTS.contains(state) || sql instanceof SQLTimeoutException || isSocketTimeout(sql)) {
            return ErrorCode.TIMEOUT;
        }
        if (state.length() == 5 && isPassing(state)) {
            return ErrorCode.UPSTREAM_ERROR;
        }
        if (state.startsWith("28")) {
            return ErrorCode.UNAUTHORIZED;
        }
        if (state.equals("42501")) {
            return ErrorCode.FORBIDDEN;
        }
        if (state.equals("3D000")) {
            return ErrorCode.DEPENDENCY_NOT_CONFIGURED;
        }
        // A pool without a free connection has no state.
        return sql instanceof SQLTransientException ? ErrorCode.UPSTREAM_ERROR : ErrorCode.INTERNAL;
    }

    private static boolean isPassing(String state) {
        // 57P0x: shut down, crashed, starting up, database gone; 25006: this server became a read-only replica.
        return PASSING_CLASSES.contains(state.substring(0, 2)) || state.startsWith("57P0") || state.equals("25006");
    }

    private static boolean isSocketTimeout(SQLException sql) {
        int depth = 0;
        for (Throwable at = sql; at != null && depth < 20; at = at.getCause(), depth++) {
            if (at instanceof SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }

    private static String meaning(ErrorCode code) {
        return switch (code) {
            case TIMEOUT -> "the database did not answer in time";
            case UPSTREAM_ERROR -> "the database failed or could not be reached";
            case UNAUTHORIZED -> "the database refused the user or the password";
            case FORBIDDEN -> "the database user lacks a privilege";
            case DEPENDENCY_NOT_CONFIGURED -> "there is no such database";
            default -> "the database refused the statement";
        };
    }
}
