package io.opencrane.testkit.litellm;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** When budgets reset and keys expire (litellm.md §3, F18), in UTC. */
final class BudgetCalendar {
    private static final Pattern PERIOD = Pattern.compile("(\\d{1,6})(s|mo|m|h|d|w)");

    private BudgetCalendar() {}

    /**
     * The reset of a budget.
     *
     * @return the next boundary; midnight for a text that is no period, without an error, as LiteLLM does
     * @throws IllegalArgumentException for several months
     */
    static Instant resetAt(String period, Instant now) {
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        Matcher parts = PERIOD.matcher(period);
        if (!parts.matches()) {
            return midnight(today.plusDays(1));
        }
        int count = Math.max(1, Integer.parseInt(parts.group(1)));
        return switch (parts.group(2)) {
            case "mo" -> {
                if (count != 1) {
                    throw new IllegalArgumentException("Monthly resets currently only support 1 month intervals");
                }
                yield midnight(today.with(TemporalAdjusters.firstDayOfNextMonth()));
            }
            case "w" ->
                midnight(today.with(TemporalAdjusters.next(DayOfWeek.MONDAY)).plusWeeks(count - 1L));
            case "d" ->
                switch (count) {
                    case 7 -> midnight(today.with(TemporalAdjusters.next(DayOfWeek.MONDAY)));
                    case 30 -> midnight(today.with(TemporalAdjusters.firstDayOfNextMonth()));
                    default -> midnight(today.plusDays(count));
                };
            case "h" -> nextMultiple(now, ChronoUnit.DAYS, Duration.ofHours(count));
            case "m" -> nextMultiple(now, ChronoUnit.HOURS, Duration.ofMinutes(count));
            default -> nextMultiple(now, ChronoUnit.MINUTES, Duration.ofSeconds(count));
        };
    }

    /** The expiry of a key. */
    static @Nullable Instant expiry(String duration, Instant now) {
        if (duration.equals("-1")) {
            return null;
        }
        Matcher parts = PERIOD.matcher(duration);
        if (!parts.matches()) {
            throw new IllegalArgumentException("Invalid duration format");
        }
        long count = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "mo" -> now.atOffset(ZoneOffset.UTC).plusMonths(count).toInstant();
            case "w" -> now.plus(Duration.ofDays(7 * count));
            case "d" -> now.plus(Duration.ofDays(count));
            case "h" -> now.plus(Duration.ofHours(count));
            case "m" -> now.plus(Duration.ofMinutes(count));
            default -> now.plusSeconds(count);
        };
    }

    private static Instant nextMultiple(Instant now, ChronoUnit frame, Duration step) {
        Instant start = now.truncatedTo(frame);
        long passed = Duration.between(start, now).dividedBy(step);
        return start.plus(step.multipliedBy(passed + 1));
    }

    private static Instant midnight(LocalDate date) {
        return date.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /** Reads a time that the fake wrote. */
    static @Nullable Instant read(JsonNode time) {
        return time.isTextual() ? Instant.parse(time.textValue()) : null;
    }
}
