package io.opencrane.core.projection;

import io.opencrane.api.projection.Mismatch;
import org.jspecify.annotations.Nullable;

/**
 * Takes mismatches as they are found.
 *
 * @param <S> the custom resources
 */
@FunctionalInterface
public interface DriftSink<S> {
    /**
     * One object drifted.
     *
     * @param mismatch how
     * @param source the custom resource; null for {@link Mismatch.Issue#MISSING_SOURCE}
     */
    void drifted(Mismatch mismatch, @Nullable S source);
}
