package io.opencrane.testkit.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.opencrane.api.budget.ModelKeyMetadata;
import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.port.AuditEntry;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The part of {@link ProjectionStoreTck} about what is known of model keys. */
abstract class ProjectionKeyCases extends ProjectionCases {
    private static final String MADE = "2026-01-01T00:00:00Z";

    private static ModelKeyMetadata key(
            String alias, @Nullable String budget, String issuedAt, @Nullable String revokedAt) {
        return new ModelKeyMetadata(
                "acme",
                alias,
                "openclaw-acme-litellm-key",
                budget == null ? null : new BigDecimal(budget),
                Instant.parse(issuedAt),
                revokedAt == null ? null : Instant.parse(revokedAt));
    }

    private void record(ModelKeyMetadata key) {
        store().recordKey(ACME, key, audit("key.record"));
    }

    /** Refused under these names, and nothing is there afterwards: no key, no ceiling, no mark, no audit entry. */
    final void assertRefused(ThrowingCallable call, String... fields) {
        assertThatThrownBy(call)
                .asInstanceOf(type(ValidationException.class))
                .satisfies(
                        e -> assertThat(e.problems()).extracting(Problem::path).containsExactly(fields));
        assertThat(store().keys(ACME)).isEmpty();
        assertThat(store().ceilings()).isEmpty();
        assertThat(store().budgetMarks()).isEmpty();
        assertThat(store().audit(null, 10)).isEmpty();
    }

    @Test
    void keysKeepTheirHistoryNewestFirst() {
        ModelKeyMetadata first = key("acme/1", "50.00", MADE, "2026-02-01T00:00:00Z");
        ModelKeyMetadata second = key("acme/2", null, "2026-02-01T00:00:00Z", null);
        record(second);
        record(first);

        assertThat(store().keys(ACME)).containsExactly(second, first);
        assertThat(store().keys(new TenantId("other", "acme"))).isEmpty();
    }

    @Test
    void anAliasHasOneLineWhoseBudgetFollowsAndWhoseRevocationStays() {
        record(key("acme/1", "50", MADE, null));
        record(key("acme/1", "75.005", MADE, "2026-02-01T00:00:00Z"));
        record(key("acme/1", "75.005", MADE, null));

        assertThat(store().keys(ACME)).containsExactly(key("acme/1", "75.01", MADE, "2026-02-01T00:00:00Z"));
    }

    @Test
    void anAliasUsedAgainIsTheLaterKeysWhateverComesLateAboutTheEarlier() {
        ModelKeyMetadata again = key("acme/1", "20.00", "2026-03-01T00:00:00Z", null);
        record(key("acme/1", "50", MADE, "2026-02-01T00:00:00Z"));
        record(again);
        assertThat(store().keys(ACME)).containsExactly(again);

        record(key("acme/1", "50", MADE, "2026-02-01T00:00:00Z"));
        record(key("acme/1", "75", MADE, null));
        assertThat(store().keys(ACME)).containsExactly(again);

        ModelKeyMetadata revoked = key("acme/1", "20.00", "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z");
        record(revoked);
        record(again);
        assertThat(store().keys(ACME)).containsExactly(revoked);
    }

    @Test
    void everyRecordOfAKeyIsAuditedAlsoOneThatChangesNothing() {
        store().recordKey(ACME, key("acme/1", null, "2026-03-01T00:00:00Z", null), audit("key.issue"));
        store().recordKey(ACME, key("acme/1", "75", MADE, null), audit("key.late"));

        assertThat(store().audit(ACME, 10)).containsExactly(audit("key.late"), audit("key.issue"));
    }

    @Test
    void aRefusedAuditEntryKeepsItsKeyOut() {
        assertRefused(() -> store().recordKey(ACME, key("acme/1", null, MADE, null), audit("\u0000")), "audit.action");
    }

    @Test
    void aKeyThatCannotBeKeptIsRefusedByFieldNameAndNotAudited() {
        assertRefused(() -> record(key("acme/\u0000", null, MADE, null)), "keyAlias");
        assertRefused(() -> record(key("a".repeat(501), null, MADE, null)), "keyAlias");
        assertRefused(() -> record(key("acme/1", "1e300", MADE, null)), "monthlyBudgetUsd");
        assertRefused(() -> record(key("acme/1", null, MADE, "+10000-01-01T00:00:00Z")), "revokedAt");
        assertRefused(
                () -> record(new ModelKeyMetadata("acme", "acme/1", "\u0000", null, Instant.parse(MADE), null)),
                "secretName");
    }

    @Test
    void anotherTenantsKeyIsRefused() {
        assertRefused(
                () -> store().recordKey(
                                new TenantId("opencrane", "other"),
                                key("acme/1", null, MADE, null),
                                audit("key.record")),
                "tenant");
    }

    @Test
    void ofWritersAtOnceTheKeyIssuedLastStaysAndBothAreAudited() throws Exception {
        for (int round = 0; round < 20; round++) {
            String alias = "acme/" + round;
            ModelKeyMetadata earlier = key(alias, "50.00", MADE, "2026-02-01T00:00:00Z");
            ModelKeyMetadata later = key(alias, "20.00", "2026-03-01T00:00:00Z", null);
            together(List.of(Executors.callable(() -> record(earlier)), Executors.callable(() -> record(later))));
            assertThat(store().keys(ACME)).as("round %d", round).contains(later).doesNotContain(earlier);
        }

        assertThat(store().audit(ACME, 100)).extracting(AuditEntry::action).hasSize(40);
    }
}
