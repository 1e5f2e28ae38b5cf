package io.opencrane.benchmarks;

import io.opencrane.api.tenant.NewTenant;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.testkit.TestClock;
import io.opencrane.testkit.cluster.InMemoryCluster;
import io.opencrane.testkit.projection.InMemoryProjection;

/** The in-memory set from nothing to the first tenant, class loading included; prints milliseconds. */
public final class TestkitStart {
    private TestkitStart() {}

    /**
     * Starts the set once.
     *
     * @param args none
     */
    public static void main(String[] args) {
        long start = System.nanoTime();
        TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
        InstanceScope scope = InstanceScope.namespace("opencrane");
        OpenCrane openCrane = OpenCrane.builder()
                .cluster(KubernetesCluster.over(
                        InMemoryCluster.create(scope, clock).objects(), scope))
                .projection(new InMemoryProjection(clock))
                .settings(Settings.builder().namespace("opencrane").build())
                .clock(clock)
                .build();
        long ready = System.nanoTime();
        openCrane
                .tenants()
                .create(NewTenant.builder("acme", "ACME Corp", "owner@acme.com").build());
        long first = System.nanoTime();
        System.out.println((ready - start) / 1_000_000 + " ms to start, " + (first - ready) / 1_000_000
                + " ms for the first tenant");
    }
}
