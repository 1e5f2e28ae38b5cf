package io.opencrane.api.budget;

import io.opencrane.api.projection.RepairMode;
import java.util.List;

/**
 * What was found about keys and budgets.
 *
 * @param mode whether mending was asked for
 * @param findings none if all is well
 */
public record KeyReport(RepairMode mode, List<KeyFinding> findings) {
    /** Copies the findings. */
    public KeyReport {
        findings = List.copyOf(findings);
    }

    /**
     * Whether nothing is left to be done.
     *
     * @return true if there is no finding, or each was mended
     */
    public boolean isSound() {
        return findings.stream().allMatch(finding -> finding.outcome() == KeyFinding.Outcome.MENDED);
    }
}
