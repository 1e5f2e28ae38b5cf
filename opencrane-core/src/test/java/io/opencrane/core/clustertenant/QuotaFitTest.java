package io.opencrane.core.clustertenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.clustertenant.Quota;
import io.opencrane.api.clustertenant.QuotaDimension;
import io.opencrane.api.clustertenant.QuotaUse;
import io.opencrane.api.error.Problem;
import io.opencrane.api.resource.Quantity;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.core.settings.HostingProvider;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuotaFitTest {
    private static TenantSpec tenant(@Nullable String cpu, @Nullable String memory, boolean suspended) {
        return TenantSpec.builder("Name", "a@b")
                .resources(cpu == null ? null : Quantity.parse(cpu), memory == null ? null : Quantity.parse(memory))
                .build()
                .withSuspended(suspended);
    }

    @ParameterizedTest
    @CsvSource({
        // cpu, memory, suspended, hosting, asked: cpu, memory, storage, pods
        ",      ,      false, ONPREM, 100m, 128Mi, 1Gi, 1",
        "2,     ,      false, ONPREM, 2,    128Mi, 1Gi, 1",
        ",      3Gi,   false, ONPREM, 100m, 3Gi,   1Gi, 1",
        "50m,   64Mi,  false, ONPREM, 50m,  64Mi,  1Gi, 1",
        "-1,    -1Gi,  false, ONPREM, 0,    0,     1Gi, 1",
        "2,     3Gi,   true,  ONPREM, 0,    0,     1Gi, 0",
        "2,     3Gi,   false, GCP,    2,    3Gi,   0,   1",
        "2,     3Gi,   true,  GCP,    0,    0,     0,   0",
    })
    void aTenantAsksForWhatItsPodAndItsVolumeRequest(
            @Nullable String cpu,
            @Nullable String memory,
            boolean suspended,
            HostingProvider hosting,
            String askedCpu,
            String askedMemory,
            String askedStorage,
            long pods) {
        TenantDemand demand = TenantDemand.of(tenant(cpu, memory, suspended), hosting);

        assertThat(demand.cpu()).isEqualByComparingTo(Quantity.parse(askedCpu).amount());
        assertThat(demand.memory())
                .isEqualByComparingTo(Quantity.parse(askedMemory).amount());
        assertThat(demand.storage())
                .isEqualByComparingTo(Quantity.parse(askedStorage).amount());
        assertThat(demand.pods()).isEqualTo(pods);
        assertThat(demand.in(QuotaDimension.GPU)).isZero();
    }

    @Test
    void everyDimensionSaysWhatIsAskedAllowedAndMissing() {
        TenantDemand asked = TenantDemand.of(tenant("1500m", "3Gi", false), HostingProvider.ONPREM);
        Quota quota = Quota.builder()
                .cpu(Quantity.parse("1"))
                .memory(Quantity.parse("3Gi"))
                .pods(10L)
                .build();

        assertThat(QuotaFit.of(asked, quota))
                .extracting(QuotaUse::toString)
                .containsExactly(
                        "cpu: 1500m of 1, 500m missing",
                        "memory: 3Gi of 3Gi",
                        "storage: 1Gi of no limit",
                        "pods: 1 of 10",
                        "gpu: 0 of no limit");
    }

    @Test
    void onlyALimitThatIsLoweredBelowWhatIsAskedIsRefused() {
        TenantDemand asked = TenantDemand.of(tenant("2", "3Gi", false), HostingProvider.ONPREM);
        Quota before = Quota.builder()
                .cpu(Quantity.parse("1")) // overdrawn already, and stays so
                .memory(Quantity.parse("4Gi"))
                .storage(Quantity.parse("4Gi"))
                .build();
        Quota after = before.toBuilder()
                .memory(Quantity.parse("2560Mi"))
                .storage(Quantity.parse("1Gi"))
                .pods(0L)
                .build();

        assertThat(QuotaFit.isLowered(before, after)).isTrue();
        assertThat(QuotaFit.isLowered(after, before)).isFalse();
        assertThat(QuotaFit.problems(asked, before, after))
                .extracting(Problem::toString)
                .containsExactly(
                        "spec.resources.quota.memory: The attached tenants ask for 3Gi, 512Mi beyond the limit; allow as"
                                + " much, or suspend or move tenants first.",
                        "spec.resources.quota.pods: The attached tenants ask for 1, 1 beyond the limit; allow as much, or"
                                + " suspend or move tenants first.");
    }

    /** For many fleets and quotas: what the lines say is what a naive count says, in any order, and the limit is tight. */
    @Test
    void theLinesAgreeWithCountingTenantByTenant() {
        Random random = new Random(20260101);
        for (int round = 0; round < 2_000; round++) {
            List<TenantSpec> fleet = new ArrayList<>();
            for (int i = random.nextInt(8); i > 0; i--) {
                fleet.add(randomTenant(random));
            }
            HostingProvider hosting = random.nextBoolean() ? HostingProvider.ONPREM : HostingProvider.GCP;
            Quota quota = randomQuota(random);

            TenantDemand asked = sum(fleet, hosting);
            Collections.shuffle(fleet, random);
            assertThat(QuotaFit.of(sum(fleet, hosting), quota))
                    .hasToString(QuotaFit.of(asked, quota).toString());
            for (QuotaUse use : QuotaFit.of(asked, quota)) {
                BigDecimal counted = fleet.stream()
                        .map(spec -> counted(use.dimension(), spec, hosting))
                        .reduce(BigDecimal.ZERO, BigDecimal::add);
                assertThat(use.asked()).isEqualByComparingTo(counted);
                assertThat(use.fits()).isEqualTo(use.limit() == null || counted.compareTo(use.limit()) <= 0);
                assertThat(use.missing()).isNotNegative();
                if (!use.fits()) {
                    assertThat(use.limit().add(use.missing())).isEqualByComparingTo(counted);
                }
            }
            // Whoever was let in under a quota is never thrown out by keeping or raising it.
            assertThat(QuotaFit.problems(asked, quota, quota)).isEmpty();
            assertThat(QuotaFit.problems(asked, quota, Quota.NONE)).isEmpty();
        }
    }

    private static TenantDemand sum(List<TenantSpec> fleet, HostingProvider hosting) {
        return fleet.stream()
                .map(spec -> TenantDemand.of(spec, hosting))
                .reduce(TenantDemand.NOTHING, TenantDemand::plus);
    }

    /** Written down once more, by thousandths and bytes in whole numbers. */
    private static BigDecimal counted(QuotaDimension dimension, TenantSpec spec, HostingProvider hosting) {
        boolean sleeps = spec.suspended();
        Quantity cpu = spec.resources().cpu();
        Quantity memory = spec.resources().memory();
        return switch (dimension) {
            case CPU -> sleeps ? BigDecimal.ZERO : cpu == null ? new BigDecimal("0.1") : cpu.amount();
            case MEMORY -> sleeps ? BigDecimal.ZERO : memory == null ? new BigDecimal(134_217_728) : memory.amount();
            case STORAGE -> hosting == HostingProvider.GCP ? BigDecimal.ZERO : new BigDecimal(1_073_741_824);
            case PODS -> sleeps ? BigDecimal.ZERO : BigDecimal.ONE;
            case GPU -> BigDecimal.ZERO;
        };
    }

    private static TenantSpec randomTenant(Random random) {
        return tenant(
                pick(random, null, "100m", "0.25", "2", "1500m"),
                pick(random, null, "64Mi", "1Gi", "1G", "1500000"),
                random.nextInt(4) == 0);
    }

    private static Quota randomQuota(Random random) {
        String cpu = pick(random, null, "100m", "1", "4");
        String memory = pick(random, null, "128Mi", "2Gi", "3000000000");
        String storage = pick(random, null, "1Gi", "3Gi");
        return Quota.builder()
                .cpu(cpu == null ? null : Quantity.parse(cpu))
                .memory(memory == null ? null : Quantity.parse(memory))
                .storage(storage == null ? null : Quantity.parse(storage))
                .pods(random.nextBoolean() ? null : (long) random.nextInt(6))
                .gpu(random.nextBoolean() ? null : 0L)
                .build();
    }

    private static @Nullable String pick(Random random, @Nullable String... values) {
        return values[random.nextInt(values.length)];
    }

    @ParameterizedTest
    @CsvSource({
        "CPU, 0, 0",
        "CPU, 2.000, 2",
        "CPU, 0.1, 100m",
        "CPU, 0.0001, 0.0001",
        "MEMORY, 0, 0",
        "MEMORY, 1000, 1000",
        "MEMORY, 1024, 1Ki",
        "MEMORY, 1610612736, 1536Mi",
        "STORAGE, 1152921504606846976, 1Ei",
        "PODS, 1024, 1024",
        "GPU, 1E+3, 1000",
    })
    void amountsReadAsPeopleWriteThem(QuotaDimension dimension, BigDecimal amount, String text) {
        assertThat(dimension.format(amount)).isEqualTo(text);
    }
}
