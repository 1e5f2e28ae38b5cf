package io.opencrane.api.tenant;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.opencrane.api.resource.Absent;
import io.opencrane.api.resource.Condition;
import io.opencrane.api.resource.MaybeEmpty;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was last observed of a tenant (contract §2, DECISIONS 28). Everything is null or empty before the first reconcile.
 *
 * @param phase where it stands
 * @param podName its pod, when there is one
 * @param ingressHost its host name
 * @param message one sentence for people; never holds a secret
 * @param lastReconciled when this content was first observed; it moves only when another field does
 * @param effectivePolicyRef the policy that resolved
 * @param policyResolutionSource what made it resolve
 * @param policyResolutionState how resolution ended
 * @param observedGeneration the spec's generation that this is about
 * @param conditions the standard conditions
 * @param placement where its children are
 * @param observedReconcileAt the last {@code opencrane.io/reconcile-at} that was honoured
 * @param lastRunningVersion the version that last ran well
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record TenantStatus(
        @Nullable TenantPhase phase,
        @Nullable String podName,
        @Nullable String ingressHost,
        @Nullable String message,

        @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable
        Instant lastReconciled,

        @Nullable String effectivePolicyRef,
        @Nullable PolicyResolutionSource policyResolutionSource,
        @Nullable PolicyResolutionState policyResolutionState,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long observedGeneration,
        List<Condition> conditions,
        @Nullable Placement placement,
        @Nullable String observedReconcileAt,
        @Nullable String lastRunningVersion)
        implements MaybeEmpty {
    private static final TenantStatus EMPTY =
            new TenantStatus(null, null, null, null, null, null, null, null, 0, List.of(), null, null, null);

    /** Copies the conditions. */
    public TenantStatus {
        conditions = Absent.asEmpty(conditions);
    }

    /**
     * The status of a tenant that nobody reconciled yet.
     *
     * @return an empty status
     */
    public static TenantStatus empty() {
        return EMPTY;
    }

    @Override
    public boolean isEmpty() {
        return equals(EMPTY);
    }

    /**
     * Starts from this status.
     *
     * @return a builder with every field of this one
     */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Builds a status. Passing null clears a field. Not thread-safe. */
    public static final class Builder {
        private @Nullable TenantPhase phase;
        private @Nullable String podName;
        private @Nullable String ingressHost;
        private @Nullable String message;
        private @Nullable Instant lastReconciled;
        private @Nullable String effectivePolicyRef;
        private @Nullable PolicyResolutionSource policyResolutionSource;
        private @Nullable PolicyResolutionState policyResolutionState;
        private long observedGeneration;
        private List<Condition> conditions;
        private @Nullable Placement placement;
        private @Nullable String observedReconcileAt;
        private @Nullable String lastRunningVersion;

        private Builder(TenantStatus start) {
            phase = start.phase;
            podName = start.podName;
            ingressHost = start.ingressHost;
            message = start.message;
            lastReconciled = start.lastReconciled;
            effectivePolicyRef = start.effectivePolicyRef;
            policyResolutionSource = start.policyResolutionSource;
            policyResolutionState = start.policyResolutionState;
            observedGeneration = start.observedGeneration;
            conditions = start.conditions;
            placement = start.placement;
            observedReconcileAt = start.observedReconcileAt;
            lastRunningVersion = start.lastRunningVersion;
        }

        /**
         * Sets where it stands and why.
         *
         * @param value the phase
         * @param sentence one sentence for people, or null
         * @return this builder
         */
        public Builder phase(@Nullable TenantPhase value, @Nullable String sentence) {
            phase = value;
            message = sentence;
            return this;
        }

        /**
         * Sets the pod.
         *
         * @param value its name or null
         * @return this builder
         */
        public Builder podName(@Nullable String value) {
            podName = value;
            return this;
        }

        /**
         * Sets the host name.
         *
         * @param value the host or null
         * @return this builder
         */
        public Builder ingressHost(@Nullable String value) {
            ingressHost = value;
            return this;
        }

        /**
         * Sets when this content was observed.
         *
         * @param value the time or null
         * @return this builder
         */
        public Builder lastReconciled(@Nullable Instant value) {
            lastReconciled = value;
            return this;
        }

        /**
         * Sets how the policy resolved.
         *
         * @param effective the policy's name or null
         * @param source what made it resolve
         * @param state how resolution ended
         * @return this builder
         */
        public Builder policy(@Nullable String effective, PolicyResolutionSource source, PolicyResolutionState state) {
            effectivePolicyRef = effective;
            policyResolutionSource = source;
            policyResolutionState = state;
            return this;
        }

        /**
         * Sets the generation this is about.
         *
         * @param value the spec's generation
         * @return this builder
         */
        public Builder observedGeneration(long value) {
            observedGeneration = value;
            return this;
        }

        /**
         * Sets the conditions.
         *
         * @param value all of them
         * @return this builder
         */
        public Builder conditions(List<Condition> value) {
            conditions = value;
            return this;
        }

        /**
         * Sets where the children are.
         *
         * @param value the placement or null
         * @return this builder
         */
        public Builder placement(@Nullable Placement value) {
            placement = value;
            return this;
        }

        /**
         * Sets the last forced reconcile that was honoured.
         *
         * @param value the annotation's value or null
         * @return this builder
         */
        public Builder observedReconcileAt(@Nullable String value) {
            observedReconcileAt = value;
            return this;
        }

        /**
         * Sets the version that last ran well.
         *
         * @param value the version or null
         * @return this builder
         */
        public Builder lastRunningVersion(@Nullable String value) {
            lastRunningVersion = value;
            return this;
        }

        /**
         * The status as set.
         *
         * @return a status
         */
        public TenantStatus build() {
            return new TenantStatus(
                    phase,
                    podName,
                    ingressHost,
                    message,
                    lastReconciled,
                    effectivePolicyRef,
                    policyResolutionSource,
                    policyResolutionState,
                    observedGeneration,
                    conditions,
                    placement,
                    observedReconcileAt,
                    lastRunningVersion);
        }
    }
}
