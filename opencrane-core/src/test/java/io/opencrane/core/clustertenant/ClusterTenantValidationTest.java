package io.opencrane.core.clustertenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantResources;
import io.opencrane.api.clustertenant.ClusterTenantSpec;
import io.opencrane.api.clustertenant.ClusterTenantStatus;
import io.opencrane.api.clustertenant.Compute;
import io.opencrane.api.clustertenant.ComputeMode;
import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.clustertenant.NewClusterTenant;
import io.opencrane.api.clustertenant.Quota;
import io.opencrane.api.error.Problem;
import io.opencrane.api.error.Problem.Code;
import io.opencrane.api.resource.Quantity;
import io.opencrane.api.resource.ResourceMetadata;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ClusterTenantValidationTest {
    private static final Quota TEN_PODS = Quota.builder().pods(10L).build();

    private static NewClusterTenant.Builder sound() {
        return NewClusterTenant.builder("acme", "ACME Corp", TEN_PODS);
    }

    private static Arguments bad(String path, Code code, UnaryOperator<NewClusterTenant.Builder> change) {
        return arguments(path, code, change.apply(sound()).build());
    }

    private static Arguments name(String name, Code code) {
        return arguments(
                "name",
                code,
                NewClusterTenant.builder(name, "ACME Corp", TEN_PODS).build());
    }

    private static Arguments quota(String dimension, UnaryOperator<Quota.Builder> change) {
        return bad(
                "spec.resources.quota." + dimension,
                Code.OUT_OF_RANGE,
                b -> b.quota(change.apply(Quota.builder()).build()));
    }

    private static Arguments compute(String path, Code code, IsolationTier tier, Compute compute) {
        ClusterTenantSpec spec = ClusterTenantSpec.builder("ACME Corp")
                .isolationTier(tier)
                .compute(compute)
                .resources(new ClusterTenantResources(TEN_PODS))
                .build();
        return arguments(path, code, new NewClusterTenant("acme", spec, null));
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                name("", Code.REQUIRED),
                name("Acme", Code.MALFORMED),
                name("ac.me", Code.MALFORMED),
                name("a".repeat(54), Code.TOO_LONG),
                bad("createRequest", Code.TOO_LONG, b -> b.createRequest("x".repeat(257))),
                bad("spec.displayName", Code.REQUIRED, b -> b.displayName(" ")),
                bad("spec.displayName", Code.MALFORMED, b -> b.displayName("a\u0000b")),
                bad("spec.displayName", Code.TOO_LONG, b -> b.displayName("x".repeat(257))),
                bad("spec.baseDomain", Code.MALFORMED, b -> b.baseDomain("localhost")),
                bad("spec.baseDomain", Code.MALFORMED, b -> b.baseDomain("ACME.com")),
                bad("spec.baseDomain", Code.MALFORMED, b -> b.baseDomain("*.acme.com")),
                bad("spec.baseDomain", Code.MALFORMED, b -> b.baseDomain("acme.com.")),
                bad("spec.baseDomain", Code.MALFORMED, b -> b.baseDomain("10.0.0.1")),
                bad("spec.baseDomain", Code.REQUIRED, b -> b.baseDomain("")),
                bad("spec.baseDomain", Code.TOO_LONG, b -> b.baseDomain("a.".repeat(126) + "com")),
                bad("spec.compute.nodePool", Code.REQUIRED, b -> b.dedicatedNodes("")),
                bad("spec.compute.nodePool", Code.MALFORMED, b -> b.dedicatedNodes("a b")),
                bad("spec.compute.nodePool", Code.TOO_LONG, b -> b.dedicatedNodes("p".repeat(64))),
                compute(
                        "spec.compute.nodePool",
                        Code.REQUIRED,
                        IsolationTier.DEDICATED_NODES,
                        new Compute(ComputeMode.DEDICATED, null)),
                compute("spec.compute.mode", Code.CONTRADICTION, IsolationTier.DEDICATED_NODES, Compute.SHARED),
                compute("spec.compute.mode", Code.CONTRADICTION, IsolationTier.SHARED, Compute.dedicated("pool")),
                compute(
                        "spec.compute.nodePool",
                        Code.CONTRADICTION,
                        IsolationTier.SHARED,
                        new Compute(ComputeMode.SHARED, "pool")),
                bad("spec.resources.quota", Code.REQUIRED, b -> b.quota(Quota.NONE)),
                quota("cpu", q -> q.cpu(Quantity.parse("99m"))),
                quota("cpu", q -> q.cpu(Quantity.parse("-1"))),
                quota("cpu", q -> q.cpu(Quantity.parse("9223372036854776"))),
                quota("memory", q -> q.memory(Quantity.parse("127Mi"))),
                quota("memory", q -> q.memory(Quantity.parse("4m"))),
                quota("memory", q -> q.memory(Quantity.parse("8Ei"))),
                quota("storage", q -> q.storage(Quantity.parse("1023Mi"))),
                quota("pods", q -> q.pods(0L)),
                quota("gpu", q -> q.gpu(-1L)));
    }

    @ParameterizedTest
    @MethodSource
    void refused(String path, Code code, NewClusterTenant customer) {
        assertThat(ClusterTenantValidation.problems(customer))
                .extracting(Problem::path, Problem::code)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(path, code));
    }

    static Stream<NewClusterTenant> accepted() {
        return Stream.of(
                sound().build(),
                NewClusterTenant.builder("a".repeat(53), "ACME", TEN_PODS).build(),
                sound().baseDomain("acme.example.com").build(),
                sound().dedicatedNodes("acme_pool.1").build(),
                sound().dedicatedCluster().build(),
                sound().quota(Quota.builder()
                                .cpu(Quantity.parse("0.1"))
                                .memory(Quantity.parse("134217728"))
                                .storage(Quantity.parse("1Gi"))
                                .pods(1L)
                                .gpu(0L)
                                .build())
                        .build(),
                sound().quota(Quota.builder()
                                .cpu(Quantity.parse("9223372036854775"))
                                .memory(Quantity.parse("9223372036854775807"))
                                .pods(Long.MAX_VALUE)
                                .build())
                        .build());
    }

    @ParameterizedTest
    @MethodSource
    void accepted(NewClusterTenant customer) {
        assertThat(ClusterTenantValidation.problems(customer)).isEmpty();
    }

    @Test
    void everythingWrongIsToldAtOnceInTheOrderOfTheFields() {
        NewClusterTenant customer = NewClusterTenant.builder(
                        "A", "", Quota.builder().pods(0L).build())
                .baseDomain("x")
                .dedicatedNodes("-")
                .build();

        assertThat(ClusterTenantValidation.problems(customer))
                .extracting(Problem::path)
                .containsExactly(
                        "name",
                        "spec.displayName",
                        "spec.baseDomain",
                        "spec.compute.nodePool",
                        "spec.resources.quota.pods");
    }

    private static ClusterTenant found(String name, UnaryOperator<ClusterTenantSpec.Builder> change) {
        return new ClusterTenant(
                ResourceMetadata.of("", name),
                change.apply(ClusterTenantSpec.builder("ACME")).build(),
                ClusterTenantStatus.empty());
    }

    static Stream<Arguments> impossible() {
        return Stream.of(
                arguments("metadata.name", Code.TOO_LONG, found("a".repeat(54), b -> b)),
                arguments("metadata.name", Code.MALFORMED, found("a.b", b -> b)),
                arguments("spec.baseDomain", Code.MALFORMED, found("acme", b -> b.baseDomain("a b"))),
                arguments(
                        "spec.compute.nodePool",
                        Code.REQUIRED,
                        found("acme", b -> b.compute(new Compute(ComputeMode.DEDICATED, null)))),
                arguments(
                        "spec.compute.nodePool",
                        Code.MALFORMED,
                        found("acme", b -> b.compute(Compute.dedicated("a/b")))),
                arguments(
                        "spec.resources.quota.cpu",
                        Code.OUT_OF_RANGE,
                        found(
                                "acme",
                                b -> b.resources(new ClusterTenantResources(Quota.builder()
                                        .cpu(Quantity.parse("-1"))
                                        .build())))));
    }

    @ParameterizedTest
    @MethodSource
    void impossible(String path, Code code, ClusterTenant customer) {
        assertThat(ClusterTenantValidation.requiredProblems(customer))
                .extracting(Problem::path, Problem::code)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(path, code));
    }

    @Test
    void whatTheDefinitionTakesIsCarriedOutEvenIfTheServiceWouldNotWriteIt() {
        List<ClusterTenant> there = List.of(
                found("acme", b -> b),
                found("acme", b -> b.compute(new Compute(ComputeMode.SHARED, "left over"))),
                found("acme", b -> b.compute(Compute.dedicated("pool"))),
                found("acme", b -> b.isolationTier(IsolationTier.DEDICATED_NODES)),
                found(
                        "acme",
                        b -> b.resources(new ClusterTenantResources(
                                Quota.builder().pods(0L).build()))));

        assertThat(there).allSatisfy(customer -> {
            assertThat(ClusterTenantValidation.requiredProblems(customer)).isEmpty();
            assertThat(ClusterTenantValidation.requiredProblems(customer.spec()))
                    .isEmpty();
            assertThat(ClusterTenantValidation.problems(customer.spec())).isNotEmpty();
        });
    }
}
