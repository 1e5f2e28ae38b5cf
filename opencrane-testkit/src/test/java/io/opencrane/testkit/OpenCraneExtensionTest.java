package io.opencrane.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.projection.ProjectionOutcome;
import io.opencrane.api.projection.RepairMode;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.port.RowStore;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.reconcile.TenantReconciler;
import io.opencrane.testkit.cluster.FakeKubelet;
import io.opencrane.testkit.cluster.InMemoryCluster;
import io.opencrane.testkit.fault.Failure;
import io.opencrane.testkit.fault.Faults;
import io.opencrane.testkit.litellm.FakeLiteLlm;
import io.opencrane.testkit.projection.InMemoryProjection;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterResolutionException;

@OpenCraneTest
class OpenCraneExtensionTest {
    private static final TenantId ACME = new TenantId("opencrane", "acme");
    private static final NewTenant NEW_ACME =
            NewTenant.builder("acme", "ACME Corp", "owner@acme.com").build();

    @RepeatedTest(2)
    void everyTestStartsWithAnEmptyInstance(OpenCrane openCrane) {
        assertThat(openCrane.tenants().find(ACME)).isEmpty();
        openCrane.tenants().create(NEW_ACME);
        assertThat(openCrane.tenants().get(ACME).spec().displayName()).isEqualTo("ACME Corp");
    }

    @Test
    void allPartsBelongToOneInstance(
            OpenCrane openCrane,
            Settings settings,
            KubernetesCluster cluster,
            InMemoryCluster memory,
            InMemoryProjection projection,
            TenantReconciler reconciler,
            FakeKubelet kubelet) {
        openCrane.tenants().create(NEW_ACME);

        assertThat(settings).isSameAs(openCrane.settings());
        assertThat(projection.tenants().find(ACME)).isPresent();
        assertThat(reconciler.reconcile(ACME).orElseThrow().tenant().status().phase())
                .isEqualTo(TenantPhase.PENDING);
        kubelet.runOnce();
        assertThat(reconciler.reconcile(ACME).orElseThrow().tenant().status().phase())
                .isEqualTo(TenantPhase.RUNNING);
        assertThat(cluster.objects()).isNotSameAs(memory.objects());
    }

    @Test
    void theClockMovesWhenTheTestSaysSo(OpenCrane openCrane, TestClock clock, InMemoryProjection projection) {
        clock.advance(Duration.ofHours(1));
        openCrane.tenants().create(NEW_ACME);

        assertThat(projection.audit(ACME, 1).get(0).timestamp()).isEqualTo(clock.instant());
    }

    @Test
    void aFailedRowIsPendingAndRepaired(OpenCrane openCrane, Faults faults) {
        faults.failWhile(call -> call.port() == RowStore.class, Failure.UPSTREAM_ERROR);
        assertThat(openCrane.tenants().create(NEW_ACME).projection()).isEqualTo(ProjectionOutcome.PENDING);

        faults.clear();
        assertThat(openCrane
                        .projections()
                        .repair(ResourceKind.TENANT, RepairMode.APPLY)
                        .repairedCount())
                .isEqualTo(1);
    }

    @Nested
    @OpenCraneTest(liteLlm = true)
    class WithLiteLlm {
        @Test
        void aReconciledTenantHasAModelKey(OpenCrane openCrane, TenantReconciler reconciler, FakeLiteLlm liteLlm) {
            openCrane.tenants().create(NEW_ACME);

            assertThat(reconciler.reconcile(ACME).orElseThrow().modelKey()).isPresent();
            assertThat(liteLlm.keys()).hasSize(1);
            assertThat(openCrane.health().isUp()).isTrue();
        }
    }

    @Nested
    class WithConstructorParameters {
        private final OpenCrane mine;

        WithConstructorParameters(OpenCrane mine) {
            this.mine = mine;
        }

        @RepeatedTest(2)
        void theConstructorsPartsAreTheTestsOwn(OpenCrane openCrane) {
            assertThat(mine).isSameAs(openCrane);
            assertThat(mine.tenants().find(ACME)).isEmpty();
            mine.tenants().create(NEW_ACME);
        }
    }

    @Nested
    @ExtendWith(Refusals.class)
    class WithPartsForAWholeClass {
        @BeforeAll
        static void noInstanceBelongsToAClass(OpenCrane openCrane) {
            throw new AssertionError("Got " + openCrane);
        }

        @Test
        void aMethodThatBelongsToNoTestIsRefused() {
            assertThat(Refusals.last)
                    .isInstanceOf(ParameterResolutionException.class)
                    .hasMessageContaining("@BeforeAll");
        }
    }

    @Nested
    @org.junit.jupiter.api.TestInstance(org.junit.jupiter.api.TestInstance.Lifecycle.PER_CLASS)
    class WithOneObjectForAllTests {
        @RepeatedTest(2)
        void everyTestStillHasItsOwnInstance(OpenCrane openCrane) {
            assertThat(openCrane.tenants().find(ACME)).isEmpty();
            openCrane.tenants().create(NEW_ACME);
        }
    }

    /** Takes what a {@code @BeforeAll} method failed with, so that the tests run and can look at it. */
    static final class Refusals implements LifecycleMethodExecutionExceptionHandler {
        private static @Nullable Throwable last;

        @Override
        public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure) {
            last = failure;
        }
    }
}
