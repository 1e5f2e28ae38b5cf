package io.opencrane.api.budget;

import io.opencrane.api.projection.ProjectionOutcome;

/**
 * A model key after a change.
 *
 * @param key what may be known of the key in use
 * @param projection what became of its row and audit entry
 */
public record KeyChange(ModelKeyMetadata key, ProjectionOutcome projection) {}
