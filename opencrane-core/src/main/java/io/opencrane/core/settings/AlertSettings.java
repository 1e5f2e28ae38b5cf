package io.opencrane.core.settings;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * When drift is reported.
 *
 * @param driftThreshold {@code OPENCRANE_PROJECTION_DRIFT_ALERT_THRESHOLD}: the number of mismatches that is too many; 0 is off
 * @param driftWebhookUrl {@code OPENCRANE_DRIFT_WEBHOOK_URL}, told when the threshold is crossed; null tells nobody
 */
public record AlertSettings(long driftThreshold, @Nullable URI driftWebhookUrl) {}
