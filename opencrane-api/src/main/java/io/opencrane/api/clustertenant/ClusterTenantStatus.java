package io.opencrane.api.clustertenant;

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
 * What was last observed of a customer (contract §2, DECISIONS 28). Everything is null or empty before the first reconcile.
 *
 * @param phase where it stands, or null
 * @param message one sentence for people, or null; never holds a secret
 * @param boundNamespace the namespace its tenants' children go to, or null; tenants wait for it
 * @param provisioner who provisions it, or null
 * @param lastReconciled when this content was first observed; it moves only when another field does
 * @param conditions the standard conditions
 * @param observedGeneration the spec's generation that this is about; 0 before the first reconcile
 * @param kubeconfigSecretRef where the kubeconfig of its own cluster is, or null for the home cluster
 * @param provisionStartedAt when provisioning was asked for, or null
 * @param operationId the provisioner's name for the running operation, or null
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ClusterTenantStatus(
        @Nullable ClusterTenantPhase phase,
        @Nullable String message,
        @Nullable String boundNamespace,
        @Nullable String provisioner,

        @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable
        Instant lastReconciled,

        List<Condition> conditions,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long observedGeneration,
        @Nullable SecretKeyRef kubeconfigSecretRef,

        @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable
        Instant provisionStartedAt,

        @Nullable String operationId)
        implements MaybeEmpty {
    private static final ClusterTenantStatus EMPTY =
            new ClusterTenantStatus(null, null, null, null, null, List.of(), 0, null, null, null);

    /** Copies the conditions. */
    public ClusterTenantStatus {
        conditions = Absent.asEmpty(conditions);
    }

    /**
     * The status before anybody looked.
     *
     * @return an empty status
     */
    public static ClusterTenantStatus empty() {
        return EMPTY;
    }

    @Override
    public boolean isEmpty() {
        return equals(EMPTY);
    }

    /**
     * Starts from this one.
     *
     * @return a builder with every field of this one
     */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Builds a status. Passing null clears a field. Not thread-safe. */
    public static final class Builder {
        private @Nullable ClusterTenantPhase phase;
        private @Nullable String message;
        private @Nullable String boundNamespace;
        private @Nullable String provisioner;
        private @Nullable Instant lastReconciled;
        private List<Condition> conditions;
        private long observedGeneration;
        private @Nullable SecretKeyRef kubeconfigSecretRef;
        private @Nullable Instant provisionStartedAt;
        private @Nullable String operationId;

        private Builder(ClusterTenantStatus start) {
            phase = start.phase;
            message = start.message;
            boundNamespace = start.boundNamespace;
            provisioner = start.provisioner;
            lastReconciled = start.lastReconciled;
            conditions = start.conditions;
            observedGeneration = start.observedGeneration;
            kubeconfigSecretRef = start.kubeconfigSecretRef;
            provisionStartedAt = start.provisionStartedAt;
            operationId = start.operationId;
        }

        /**
         * Sets phase.
         *
         * @param value where it stands, or null
         * @return this builder
         */
        public Builder phase(@Nullable ClusterTenantPhase value) {
            phase = value;
            return this;
        }

        /**
         * Sets message.
         *
         * @param value one sentence for people, or null; never holds a secret
         * @return this builder
         */
        public Builder message(@Nullable String value) {
            message = value;
            return this;
        }

        /**
         * Sets boundNamespace.
         *
         * @param value the namespace its tenants' children go to, or null; tenants wait for it
         * @return this builder
         */
        public Builder boundNamespace(@Nullable String value) {
            boundNamespace = value;
            return this;
        }

        /**
         * Sets provisioner.
         *
         * @param value who provisions it, or null
         * @return this builder
         */
        public Builder provisioner(@Nullable String value) {
            provisioner = value;
            return this;
        }

        /**
         * Sets lastReconciled.
         *
         * @param value when this content was first observed; it moves only when another field does
         * @return this builder
         */
        public Builder lastReconciled(@Nullable Instant value) {
            lastReconciled = value;
            return this;
        }

        /**
         * Sets conditions.
         *
         * @param value the standard conditions
         * @return this builder
         */
        public Builder conditions(List<Condition> value) {
            conditions = value;
            return this;
        }

        /**
         * Sets observedGeneration.
         *
         * @param value the spec's generation that this is about; 0 before the first reconcile
         * @return this builder
         */
        public Builder observedGeneration(long value) {
            observedGeneration = value;
            return this;
        }

        /**
         * Sets kubeconfigSecretRef.
         *
         * @param value where the kubeconfig of its own cluster is, or null for the home cluster
         * @return this builder
         */
        public Builder kubeconfigSecretRef(@Nullable SecretKeyRef value) {
            kubeconfigSecretRef = value;
            return this;
        }

        /**
         * Sets provisionStartedAt.
         *
         * @param value when provisioning was asked for, or null
         * @return this builder
         */
        public Builder provisionStartedAt(@Nullable Instant value) {
            provisionStartedAt = value;
            return this;
        }

        /**
         * Sets operationId.
         *
         * @param value the provisioner's name for the running operation, or null
         * @return this builder
         */
        public Builder operationId(@Nullable String value) {
            operationId = value;
            return this;
        }

        /**
         * The status as set.
         *
         * @return a status
         */
        public ClusterTenantStatus build() {
            return new ClusterTenantStatus(
                    phase,
                    message,
                    boundNamespace,
                    provisioner,
                    lastReconciled,
                    conditions,
                    observedGeneration,
                    kubeconfigSecretRef,
                    provisionStartedAt,
                    operationId);
        }
    }
}
