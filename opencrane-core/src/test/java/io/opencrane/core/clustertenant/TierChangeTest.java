package io.opencrane.core.clustertenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.clustertenant.ClusterTenantStatus;
import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TierChangeTest {
    private static final ClusterTenantStatus UNTOUCHED = ClusterTenantStatus.empty();
    private static final List<ClusterTenantStatus> PROVISIONED = List.of(
            UNTOUCHED.toBuilder().boundNamespace("opencrane-acme").build(),
            UNTOUCHED.toBuilder().provisionStartedAt(Instant.EPOCH).build());

    @ParameterizedTest
    @CsvSource({
        "SHARED, SHARED, SAME",
        "SHARED, DEDICATED_NODES, ALWAYS",
        "SHARED, DEDICATED_CLUSTER, BEFORE_PROVISIONING",
        "DEDICATED_NODES, SHARED, ALWAYS",
        "DEDICATED_NODES, DEDICATED_NODES, SAME",
        "DEDICATED_NODES, DEDICATED_CLUSTER, BEFORE_PROVISIONING",
        "DEDICATED_CLUSTER, SHARED, BEFORE_PROVISIONING",
        "DEDICATED_CLUSTER, DEDICATED_NODES, BEFORE_PROVISIONING",
        "DEDICATED_CLUSTER, DEDICATED_CLUSTER, SAME"
    })
    void everyChangeHasItsRule(IsolationTier from, IsolationTier to, TierChange rule) {
        assertThat(TierChange.of(from, to)).isEqualTo(rule);
        for (ClusterTenantStatus untouched :
                List.of(UNTOUCHED, UNTOUCHED.toBuilder().boundNamespace("").build())) {
            assertThatCode(() -> TierChange.require("acme", from, to, untouched))
                    .doesNotThrowAnyException();
        }
        for (ClusterTenantStatus provisioned : PROVISIONED) {
            if (rule == TierChange.BEFORE_PROVISIONING) {
                assertThatThrownBy(() -> TierChange.require("acme", from, to, provisioned))
                        .isInstanceOfSatisfying(OpenCraneException.class, e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.MOVE_NEEDS_STATE_PLAN);
                            assertThat(e).hasMessageContaining("make another ClusterTenant of the new tier");
                            assertThat(e.isRetryable()).isFalse();
                        });
            } else {
                assertThatCode(() -> TierChange.require("acme", from, to, provisioned))
                        .doesNotThrowAnyException();
            }
        }
    }
}
