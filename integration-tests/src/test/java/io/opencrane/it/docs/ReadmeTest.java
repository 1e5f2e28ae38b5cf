package io.opencrane.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.opencrane.api.budget.KeyFinding;
import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.clustertenant.QuotaDimension;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.core.clustertenant.TenantDemand;
import io.opencrane.core.clustertenant.TierChange;
import io.opencrane.core.settings.HostingProvider;
import io.opencrane.k8s.crd.CrdBundle;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What the README shows is what runs. */
class ReadmeTest {
    private static final Path README = Path.of("..", "README.md");
    private static final Path BUDGETS = Path.of("..", "docs", "budgets.md");
    private static final Path BUDGETS_EXAMPLE = Path.of("src/test/java/io/opencrane/it/docs/BudgetsExample.java");
    private static final Path CUSTOMERS = Path.of("..", "docs", "customers.md");
    private static final Path CUSTOMERS_EXAMPLE = Path.of("src/test/java/io/opencrane/it/docs/CustomersExample.java");
    private static final Path POLICIES = Path.of("..", "docs", "policies.md");
    private static final Path POLICIES_EXAMPLE = Path.of("src/test/java/io/opencrane/it/docs/PoliciesExample.java");
    private static final Path EXAMPLE = Path.of("src/test/java/io/opencrane/it/docs/EmbeddingExample.java");

    private static String between(String text, String begin, String end) {
        Matcher matcher = Pattern.compile(Pattern.quote(begin) + "(.*?)" + Pattern.quote(end), Pattern.DOTALL)
                .matcher(text);
        assertThat(matcher.find()).as("%s … %s", begin, end).isTrue();
        return matcher.group(1);
    }

    @Test
    void theExampleIsTheCodeThatRunsAndNoLongerThanTwentyLines() throws IOException {
        String shown = between(Files.readString(README), "```java\n", "```");
        String run = between(Files.readString(EXAMPLE), "// README begins\n", "        // README ends");

        assertThat(shown.strip()).isEqualTo(run.stripTrailing().stripIndent().strip());
        assertThat(shown.strip().lines().count()).isLessThanOrEqualTo(20);
    }

    @Test
    void theExampleOfBudgetsIsTheCodeThatRuns() throws IOException {
        String shown = between(Files.readString(BUDGETS), "```java\n", "```");
        String run = between(
                Files.readString(BUDGETS_EXAMPLE), "// docs/budgets.md begins\n", "        // docs/budgets.md ends");

        assertThat(shown.strip()).isEqualTo(run.stripTrailing().stripIndent().strip());
        BudgetsExample.run();
    }

    @Test
    void theExampleOfCustomersIsTheCodeThatRuns() throws IOException {
        String shown = between(Files.readString(CUSTOMERS), "```java\n", "```");
        String run = between(
                Files.readString(CUSTOMERS_EXAMPLE),
                "// docs/customers.md begins\n",
                "        // docs/customers.md ends");

        assertThat(shown.strip()).isEqualTo(run.stripTrailing().stripIndent().strip());
        String reconciler = between(Files.readString(CUSTOMERS), "## The reconciler\n\n```java\n", "```");
        String runToo = between(
                Files.readString(CUSTOMERS_EXAMPLE),
                "// the reconciler of docs/customers.md begins\n",
                "        // the reconciler of docs/customers.md ends");
        assertThat(reconciler.strip())
                .isEqualTo(runToo.stripTrailing().stripIndent().strip());
        CustomersExample.run();
    }

    @Test
    void theExampleOfPoliciesIsTheCodeThatRuns() throws IOException {
        String shown = between(Files.readString(POLICIES), "```java\n", "```");
        String run = between(
                Files.readString(POLICIES_EXAMPLE), "// docs/policies.md begins\n", "        // docs/policies.md ends");

        assertThat(shown.strip()).isEqualTo(run.stripTrailing().stripIndent().strip());
        PoliciesExample.run();
    }

    @Test
    void theTableOfWhatATenantAsksForIsWhatIsCounted() throws IOException {
        TenantSpec awake = TenantSpec.builder("Name", "a@b").build();
        TenantDemand asked = TenantDemand.of(awake, HostingProvider.ONPREM);
        TenantDemand asleep = TenantDemand.of(awake.withSuspended(true), HostingProvider.ONPREM);

        for (QuotaDimension dimension : QuotaDimension.values()) {
            String line = between(Files.readString(CUSTOMERS), "\n| `" + dimension.wireName() + "` |", " |\n");
            assertThat(line).contains("`" + dimension.format(asked.in(dimension)) + "`");
            assertThat(line).endsWith("| `" + dimension.format(asleep.in(dimension)) + "`");
        }
    }

    @Test
    void theTableOfFindingsIsComplete() throws IOException {
        String table = between(Files.readString(BUDGETS), "| finding | mended by |", "\n\n");

        assertThat(Pattern.compile("`([A-Z_]+)`").matcher(table).results().map(found -> found.group(1)))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(KeyFinding.Kind.values()).map(Enum::name).toList());
    }

    @Test
    void theTableOfTierChangesIsTheOneThatDecides() throws IOException {
        List<IsolationTier> tiers = List.of(IsolationTier.values());
        StringBuilder table = new StringBuilder("| from \\ to |");
        tiers.forEach(to -> table.append(" `").append(to.wireName()).append("` |"));
        table.append("\n|---|").append("---|".repeat(tiers.size()));
        for (IsolationTier from : tiers) {
            table.append("\n| `").append(from.wireName()).append("` |");
            tiers.forEach(to -> table.append(" ")
                    .append(TierChange.of(from, to)
                            .name()
                            .toLowerCase(Locale.ROOT)
                            .replace('_', ' '))
                    .append(" |"));
        }

        assertThat(Files.readString(CUSTOMERS)).contains("\n\n" + table + "\n\n");
    }

    @Test
    void theTableOfErrorCodesIsComplete() throws IOException {
        List<String> shown = Files.readString(README)
                .lines()
                .filter(line -> line.matches("\\| `[A-Z_]+` \\| \\d{3} \\|.*"))
                .map(line -> line.replaceAll("\\| `([A-Z_]+)` \\| (\\d{3}) \\|.*", "$1 $2"))
                .toList();

        assertThat(shown)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ErrorCode.values())
                        .map(code -> code + " " + code.httpStatus())
                        .toList());
    }

    @Nested
    @ControlPlaneTest
    class OnARealControlPlane {
        @Test
        void theExampleRuns(ControlPlane controlPlane) throws IOException {
            try (KubernetesClient client = new KubernetesClientBuilder()
                            .withConfig(Config.fromKubeconfig(controlPlane.kubeconfigYaml()))
                            .build();
                    EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
                CrdBundle.load().install(client, Duration.ofSeconds(30));
                client.resource(new NamespaceBuilder()
                                .withNewMetadata()
                                .withName("opencrane")
                                .endMetadata()
                                .build())
                        .serverSideApply();

                assertThat(EmbeddingExample.embed(client, postgres.getPostgresDatabase())
                                .id())
                        .hasToString("opencrane/acme");
                assertThat(EmbeddingExample.embed(client, postgres.getPostgresDatabase())
                                .id())
                        .as("run again, the same end")
                        .hasToString("opencrane/acme");
            }
        }
    }
}
