package io.opencrane.benchmarks;

import io.opencrane.api.projection.DriftReport.Summary;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.api.tenant.TenantStatus;
import io.opencrane.core.port.TenantRow;
import io.opencrane.core.projection.TenantDrift;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.IntFunction;

/**
 * Pure drift: 1,000,000 tenants of 12 fields with 400 bytes of overrides, 1 % drifted, one thread. Both sides are made while they are
 * read, so what making them costs is measured on its own and printed beside.
 */
public final class DriftBenchmark {
    private static final int TENANTS = 1_000_000;
    private static final int ROUNDS = 5;
    private static final BigDecimal BUDGET = new BigDecimal("200.00");
    private static final String NOTE = "x".repeat(380);
    private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");

    private DriftBenchmark() {}

    /**
     * Runs the rounds and prints a line for each.
     *
     * @param args none
     */
    public static void main(String[] args) {
        for (int round = 1; round <= ROUNDS; round++) {
            double reading = seconds(DriftBenchmark::readBoth);
            long[] drifted = new long[1];
            double comparing = seconds(() -> drifted[0] = compare());
            System.out.printf(
                    "drift, pure: %,d tenants, %,d drifted, %.2f s (%,.0f tenants/s; making both sides alone %.2f s), heap at most %d MiB%n",
                    TENANTS,
                    drifted[0],
                    comparing,
                    TENANTS / comparing,
                    reading,
                    Runtime.getRuntime().maxMemory() >> 20);
        }
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    private static void readBoth() {
        Iterator<Tenant> tenants = sequence(DriftBenchmark::tenant);
        Iterator<TenantRow> rows = sequence(DriftBenchmark::row);
        long length = 0;
        while (tenants.hasNext()) {
            length +=
                    tenants.next().spec().email().length() + rows.next().email().length();
        }
        if (length == 0) {
            throw new IllegalStateException("nothing was read");
        }
    }

    private static long compare() {
        Summary summary = TenantDrift.compare(
                sequence(DriftBenchmark::tenant), sequence(DriftBenchmark::row), (mismatch, tenant) -> {});
        return summary.driftCount();
    }

    private static <T> Iterator<T> sequence(IntFunction<T> make) {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < TENANTS;
            }

            @Override
            public T next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return make.apply(next++);
            }
        };
    }

    private static String name(int i) {
        return "t" + (10_000_000 + i); // padded, so that numbers ascend as texts
    }

    private static FreeForm overrides(int i) {
        return FreeForm.of(Map.of("note", NOTE, "number", i));
    }

    private static Tenant tenant(int i) {
        return new Tenant(
                new ResourceMetadata(
                        "opencrane", name(i), "uid-" + i, "7", 1, CREATED, null, Map.of(), Map.of(), List.of()),
                TenantSpec.builder("Tenant " + i, "owner" + i + "@example.com")
                        .team("engineering")
                        .openclawVersion("1.2.3")
                        .monthlyBudgetUsd(BUDGET)
                        .configOverrides(overrides(i))
                        .policyRef("strict")
                        .clusterTenantRef("acme")
                        .build(),
                TenantStatus.empty());
    }

    private static TenantRow row(int i) {
        String email = i % 100 == 0 ? "mallory@example.com" : "owner" + i + "@example.com";
        return new TenantRow(
                new TenantId("opencrane", name(i)),
                "uid-" + i,
                "7",
                CREATED,
                "Tenant " + i,
                email,
                "engineering",
                "1.2.3",
                BUDGET,
                overrides(i),
                "strict",
                "acme",
                false,
                TenantPhase.PENDING,
                null,
                CREATED);
    }
}
