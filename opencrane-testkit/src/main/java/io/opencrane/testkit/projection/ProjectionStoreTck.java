package io.opencrane.testkit.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.error.ValidationException;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.port.ProjectionStore;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ProjectionStore} must do (DECISIONS 36–39). Extend it and hand out a store: {@code PostgresProjection} and
 * {@link InMemoryProjection} pass, and so must a host's own.
 */
public abstract class ProjectionStoreTck extends ProjectionBudgetCases {
    /** For subclasses. */
    protected ProjectionStoreTck() {}

    /**
     * Makes an empty store. Called before every test; the store serves at least four threads at once.
     *
     * @param clock the store's clock, moved by the tests
     * @return a store without rows
     * @throws Exception if it cannot be made; the test then fails
     */
    protected abstract ProjectionStore createStore(InstantSource clock) throws Exception;

    @Override
    final ProjectionStore newStore() throws Exception {
        return createStore(() -> now);
    }

    @Nested
    final class Tenants extends TenantRowCases {
        Tenants() {
            super(ProjectionStoreTck.this);
        }
    }

    @Nested
    final class Policies extends PolicyRowCases {
        Policies() {
            super(ProjectionStoreTck.this);
        }
    }

    @Test
    void whatWasNeverWrittenIsNotThere() {
        assertThat(store().keys(ACME)).isEmpty();
        assertThat(store().audit(ACME, 10)).isEmpty();
    }

    @Test
    void theAuditLogIsNewestFirstAndOfOneInstantLastWrittenFirst() {
        for (String action : List.of("first", "second", "third")) {
            store().tenants().write(acme().build(), audit(action));
        }
        now = NOW.minusSeconds(60);
        store().tenants().write(acme().build(), audit("dated back"));

        assertThat(store().audit(ACME, 10))
                .extracting(AuditEntry::action)
                .containsExactly("third", "second", "first", "dated back");
        assertThat(store().audit(null, 2)).extracting(AuditEntry::action).containsExactly("third", "second");
        assertThat(store().audit(new TenantId("other", "acme"), 10)).isEmpty();
    }

    @Test
    void anAuditEntryIsReadBackAsItWasWritten() {
        AuditEntry entry = new AuditEntry(
                NOW,
                null,
                "policy.update",
                "AccessPolicy opencrane/strict",
                "Two rules \"added\".",
                FreeForm.of(Map.of("rules", Arrays.asList(1, null))));
        store().tenants().write(acme().build(), entry);

        assertThat(store().audit(null, 1)).containsExactly(entry);
        assertThatThrownBy(() -> store().audit(null, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anEntryOfAChangeWithoutARowIsAppended() {
        AuditEntry entry = new AuditEntry(
                NOW, null, "budget.sweep", "budget", "Two keys found.", FreeForm.of(Map.of("unknown", 2)));
        store().append(audit("tenant.restart"));
        store().append(entry);

        assertThat(store().audit(null, 10)).containsExactly(entry, audit("tenant.restart"));
        assertThat(store().audit(ACME, 10)).containsExactly(audit("tenant.restart"));
        assertThat(store().tenants().find(ACME)).isEmpty();
    }

    @Test
    void anAppendedEntryThatCannotBeKeptIsRefusedByFieldName() {
        assertThatThrownBy(() -> store().append(audit("\u0000")))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("audit.action");
        assertThat(store().audit(null, 10)).isEmpty();
    }

    @Test
    void itAnswers() {
        store().ping();
    }
}
