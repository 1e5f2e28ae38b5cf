package io.opencrane.api.budget;

import java.util.List;

/**
 * What a check of budget thresholds told its listener.
 *
 * @param events what the listener took, in the byte order of the tenants
 * @param failed how many events it threw at; they are told again
 * @param pending how many events were told but could not be remembered; they are told again
 */
public record ThresholdReport(List<BudgetEvent> events, int failed, int pending) {
    /** Copies the events. */
    public ThresholdReport {
        events = List.copyOf(events);
    }
}
