package io.opencrane.core.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.opencrane.api.error.Problem;
import io.opencrane.api.error.Problem.Code;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.resource.Quantity;
import io.opencrane.api.tenant.Channel;
import io.opencrane.api.tenant.McpPolicy;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.core.settings.HostingProvider;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TenantValidationTest {
    private static NewTenant.Builder sound() {
        return NewTenant.builder("acme", "ACME Corp", "owner@acme.com");
    }

    private static Arguments bad(String path, Code code, UnaryOperator<NewTenant.Builder> change) {
        return arguments(path, code, change.apply(sound()).build());
    }

    private static Arguments name(String name, Code code) {
        return arguments(
                "name",
                code,
                NewTenant.builder(name, "ACME Corp", "owner@acme.com").build());
    }

    private static FreeForm nested(int levels) {
        Map<String, Object> value = Map.of("leaf", true);
        for (int i = 1; i < levels; i++) {
            value = Map.of("in", value);
        }
        return FreeForm.of(value);
    }

    private static FreeForm json(Object value) {
        return FreeForm.of(Map.of("key", value));
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                name("", Code.REQUIRED),
                name("Acme", Code.MALFORMED),
                name("-acme", Code.MALFORMED),
                name("acme-", Code.MALFORMED),
                name("ac.me", Code.MALFORMED),
                name("ac/../me", Code.MALFORMED),
                name("ac\u0000me", Code.MALFORMED),
                name("a".repeat(55), Code.TOO_LONG),
                bad("namespace", Code.MALFORMED, b -> b.namespace("a.b")),
                bad("namespace", Code.REQUIRED, b -> b.namespace("")),
                bad("createRequest", Code.MALFORMED, b -> b.createRequest("a\nb")),
                bad("createRequest", Code.TOO_LONG, b -> b.createRequest("x".repeat(257))),
                bad("spec.displayName", Code.REQUIRED, b -> b.displayName(" ")),
                bad("spec.displayName", Code.MALFORMED, b -> b.displayName("a\u0000b")),
                bad("spec.displayName", Code.MALFORMED, b -> b.displayName("half \ud83d pair")),
                bad("spec.displayName", Code.TOO_LONG, b -> b.displayName("x".repeat(257))),
                bad("spec.email", Code.REQUIRED, b -> b.email("")),
                bad("spec.email", Code.MALFORMED, b -> b.email("owner")),
                bad("spec.email", Code.MALFORMED, b -> b.email("a@b@c")),
                bad("spec.email", Code.MALFORMED, b -> b.email("a b@c")),
                bad("spec.email", Code.MALFORMED, b -> b.email("@c")),
                bad("spec.team", Code.MALFORMED, b -> b.team("two words")),
                bad("spec.team", Code.REQUIRED, b -> b.team("")),
                bad("spec.team", Code.TOO_LONG, b -> b.team("t".repeat(64))),
                bad("spec.openclawImage", Code.MALFORMED, b -> b.openclawImage("../../etc/passwd")),
                bad("spec.openclawImage", Code.MALFORMED, b -> b.openclawImage("ghcr.io/a/../b")),
                bad("spec.openclawImage", Code.MALFORMED, b -> b.openclawImage("ghcr.io/openclaw:1.0")),
                bad("spec.openclawImage", Code.MALFORMED, b -> b.openclawImage("ghcr.io/x@sha256:" + "a".repeat(64))),
                bad("spec.openclawImage", Code.MALFORMED, b -> b.openclawImage("https://ghcr.io/x")),
                bad("spec.openclawVersion", Code.MALFORMED, b -> b.openclawVersion("1/../2")),
                bad("spec.openclawVersion", Code.MALFORMED, b -> b.openclawVersion("1..2")),
                bad("spec.openclawVersion", Code.MALFORMED, b -> b.openclawVersion(".1")),
                bad("spec.openclawVersion", Code.TOO_LONG, b -> b.openclawVersion("1".repeat(129))),
                bad("spec.monthlyBudgetUsd", Code.OUT_OF_RANGE, b -> b.monthlyBudgetUsd("-0.01")),
                bad("spec.monthlyBudgetUsd", Code.OUT_OF_RANGE, b -> b.monthlyBudgetUsd("10000000000")),
                bad("spec.monthlyBudgetUsd", Code.OUT_OF_RANGE, b -> b.monthlyBudgetUsd("1e999999999")),
                bad("spec.monthlyBudgetUsd", Code.MALFORMED, b -> b.monthlyBudgetUsd("1e-999999999")),
                bad("spec.monthlyBudgetUsd", Code.MALFORMED, b -> b.monthlyBudgetUsd("1.005")),
                bad(
                        "spec.resources.cpu",
                        Code.OUT_OF_RANGE,
                        b -> b.resources(Quantity.parse("0"), Quantity.parse("1Gi"))),
                bad(
                        "spec.resources.cpu",
                        Code.OUT_OF_RANGE,
                        b -> b.resources(Quantity.parse("-1"), Quantity.parse("1Gi"))),
                bad(
                        "spec.resources.memory",
                        Code.OUT_OF_RANGE,
                        b -> b.resources(Quantity.parse("1"), Quantity.parse("512m"))),
                bad("spec.skillAllowlist[1]", Code.MALFORMED, b -> b.skillAllowlist(List.of("fine", "a,b"))),
                bad("spec.skillAllowlist[0]", Code.MALFORMED, b -> b.skillAllowlist(List.of("../x"))),
                bad("spec.skillAllowlist", Code.TOO_LONG, b -> b.skillAllowlist(Collections.nCopies(1001, "a"))),
                bad("spec.mcpPolicy.allow[0]", Code.REQUIRED, b -> b.mcpPolicy(new McpPolicy(List.of(""), List.of()))),
                bad(
                        "spec.mcpPolicy.deny[0]",
                        Code.MALFORMED,
                        b -> b.mcpPolicy(new McpPolicy(List.of(), List.of("a b")))),
                bad(
                        "spec.channels[0].adapter",
                        Code.REQUIRED,
                        b -> b.channels(List.of(new Channel("", FreeForm.empty(), null)))),
                bad(
                        "spec.channels[0].config",
                        Code.MALFORMED,
                        b -> b.channels(List.of(new Channel("slack", json("\u0007"), null)))),
                bad(
                        "spec.channels[0].credentialsSecretName",
                        Code.MALFORMED,
                        b -> b.channels(List.of(new Channel("slack", FreeForm.empty(), "A_b")))),
                bad(
                        "spec.channels[0].credentialsSecretName",
                        Code.CONTRADICTION,
                        b -> b.channels(
                                List.of(new Channel("slack", FreeForm.empty(), "openclaw-other-encryption-key")))),
                bad(
                        "spec.channels[0].credentialsSecretName",
                        Code.CONTRADICTION,
                        b -> b.channels(List.of(new Channel("slack", FreeForm.empty(), "openclaw-other-openai-key")))),
                bad("spec.configOverrides", Code.TOO_LONG, b -> b.configOverrides(json("x".repeat(256 * 1024)))),
                bad("spec.configOverrides", Code.TOO_LONG, b -> b.configOverrides(nested(33))),
                bad(
                        "spec.configOverrides",
                        Code.MALFORMED,
                        b -> b.configOverrides(json(List.of(Map.of("a\u0000", 1))))),
                bad("spec.configOverrides", Code.OUT_OF_RANGE, b -> b.configOverrides(json(new BigDecimal("1e400")))),
                bad(
                        "spec.configOverrides",
                        Code.OUT_OF_RANGE,
                        b -> b.configOverrides(json(new BigDecimal("0.12345678901234567890")))),
                bad("spec.policyRef", Code.MALFORMED, b -> b.policyRef("Base Policy")),
                bad("spec.clusterTenantRef", Code.MALFORMED, b -> b.clusterTenantRef("../x")),
                bad("spec.clusterTenantRef", Code.TOO_LONG, b -> b.clusterTenantRef("c".repeat(54))));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void oneThingIsWrongAndNamed(String path, Code code, NewTenant tenant) {
        List<Problem> problems = TenantValidation.problems(tenant, HostingProvider.ONPREM);

        assertThat(problems)
                .extracting(Problem::path, Problem::code)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(path, code));
        assertThat(problems.get(0).message()).endsWith(".").doesNotContain("\u0000");
    }

    @Test
    void aTenantWithEverythingIsTaken() {
        NewTenant tenant = NewTenant.builder(
                        "1" + "a".repeat(53), "Ünïcode 🦞 & Söhne", "o'neil+tag@xn--bcher-kva.example")
                .namespace("opencrane")
                .createRequest("6f1c")
                .team("Engineering_1.a")
                .openclawImage("registry.local:5000/open-claw/a__b/c.d")
                .openclawVersion("v1.2.3-rc.1_x")
                .monthlyBudgetUsd("9999999999.9900")
                .resources(Quantity.parse("1m"), Quantity.parse("1Mi"))
                .skillAllowlist(List.of("github", "acme/review.v2"))
                .mcpPolicy(new McpPolicy(List.of("jira"), List.of("shell")))
                .channels(List.of(new Channel("slack", json("x"), "acme-slack")))
                .configOverrides(FreeForm.of(Map.of(
                        "prompt",
                        "line\n\tline",
                        "rate",
                        0.1,
                        "max",
                        Long.MAX_VALUE / 100,
                        "deep",
                        nested(31).asMap())))
                .policyRef("base.v1")
                .clusterTenantRef("customer")
                .build();

        assertThat(TenantValidation.problems(tenant, HostingProvider.ONPREM)).isEmpty();
    }

    @Test
    void zeroIsABudget() {
        assertThat(TenantValidation.problems(sound().monthlyBudgetUsd("0").build(), HostingProvider.ONPREM))
                .isEmpty();
    }

    @Test
    void googleCloudTakesShorterNames() {
        NewTenant tenant = NewTenant.builder("a".repeat(22), "A", "a@b").build();

        assertThat(TenantValidation.problems(tenant, HostingProvider.ONPREM)).isEmpty();
        assertThat(TenantValidation.problems(tenant, HostingProvider.GCP))
                .extracting(Problem::path, Problem::code)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("name", Code.TOO_LONG));
    }

    @Test
    void allProblemsComeAtOnceInTheOrderOfTheFields() {
        NewTenant tenant = NewTenant.builder("UPPER", "", "nobody")
                .team("!")
                .monthlyBudgetUsd("-1")
                .policyRef("?")
                .build();

        assertThat(TenantValidation.problems(tenant, HostingProvider.ONPREM))
                .extracting(Problem::path)
                .containsExactly(
                        "name",
                        "spec.displayName",
                        "spec.email",
                        "spec.team",
                        "spec.monthlyBudgetUsd",
                        "spec.policyRef");
    }

    @Test
    void aSpecAloneIsCheckedToo() {
        assertThat(TenantValidation.problems(TenantSpec.builder("", "x").build()))
                .extracting(Problem::path)
                .containsExactly("spec.displayName", "spec.email");
        assertThat(TenantValidation.versionProblems("a b")).hasSize(1);
    }

    @Test
    void aValueIsNeverRepeatedForItMayBeACredential() {
        NewTenant tenant =
                sound().email("hunter2").configOverrides(json("hunter2\u0000")).build();

        assertThat(TenantValidation.problems(tenant, HostingProvider.ONPREM).toString())
                .doesNotContain("hunter2");
    }
}
