package io.opencrane.testkit.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.error.ValidationException;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.resource.Page;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.api.tenant.TenantQuery;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.port.RowCursor;
import io.opencrane.core.port.TenantRow;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
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

    /** In neither of the orders that a store could come upon by itself. */
    private void writeFive() {
        for (String key : List.of("a-b/x", "b/y", "a/z", "a/B", "a/a")) {
            write(RowBuilder.row(key.substring(0, key.indexOf('/')), key.substring(key.indexOf('/') + 1)));
        }
    }

    private static List<String> keysOf(Iterable<TenantRow> rows) {
        List<String> keys = new ArrayList<>();
        rows.forEach(row -> keys.add(row.id().toString()));
        return keys;
    }

    private List<String> streamed(String... namespaces) {
        try (RowCursor<TenantRow> cursor = store().tenants().stream(List.of(namespaces))) {
            return keysOf(() -> cursor);
        }
    }

    private List<String> listed(TenantQuery.Builder query, String... namespaces) {
        return keysOf(store().tenants().list(query.build(), List.of(namespaces)).items());
    }

    @Test
    void anUnknownTenantHasNoRow() {
        assertThat(store().tenants().find(ACME)).isEmpty();
        assertThat(store().keys(ACME)).isEmpty();
        assertThat(store().audit(ACME, 10)).isEmpty();
        assertThat(streamed()).isEmpty();
    }

    @Test
    void listsAndStreamsAreInTheByteOrderOfNamespaceAndName() {
        writeFive();

        assertThat(listed(TenantQuery.builder())).containsExactly("a-b/x", "a/B", "a/a", "a/z", "b/y");
        assertThat(streamed()).containsExactly("a-b/x", "a/B", "a/a", "a/z", "b/y");
    }

    @Test
    void pagesFollowOneAnotherWithoutGapOrOverlap() {
        writeFive();
        List<List<String>> pages = new ArrayList<>();
        String next = null;
        do {
            Page<TenantRow> page = store().tenants()
                    .list(TenantQuery.builder().limit(2).after(next).build(), List.of());
            pages.add(keysOf(page.items()));
            next = page.next();
        } while (next != null);

        assertThat(pages).containsExactly(List.of("a-b/x", "a/B"), List.of("a/a", "a/z"), List.of("b/y"));
    }

    @Test
    void aPageThatEndsWithTheLastRowHasNoNext() {
        writeFive();

        assertThat(store().tenants()
                        .list(TenantQuery.builder().limit(5).build(), List.of())
                        .next())
                .isNull();
    }

    @Test
    void pagesGoOnWhereTheyStoppedAlsoIfThatRowIsGone() {
        writeFive();

        assertThat(listed(TenantQuery.builder().after("a/C"))).containsExactly("a/a", "a/z", "b/y");
    }

    @Test
    void aPageSaysWhereAndWhenItWasRead() {
        Page<TenantRow> page = store().tenants().list(TenantQuery.all(), List.of());

        assertThat(page.source()).isEqualTo(Page.Source.PROJECTION);
        assertThat(page.asOf()).isEqualTo(NOW);
        assertThat(page.items()).isEmpty();
    }

    @Test
    void everyFilterHolds() {
        write(RowBuilder.row("a", "1").team("red").phase(TenantPhase.RUNNING).clusterTenant("corp"));
        write(RowBuilder.row("a", "2").team("red").phase(TenantPhase.ERROR));
        write(RowBuilder.row("b", "3").team("blue").phase(TenantPhase.RUNNING).clusterTenant("corp"));
        write(RowBuilder.row("b", "4").phase(TenantPhase.SUSPENDED));

        assertThat(listed(TenantQuery.builder().namespace("a"))).containsExactly("a/1", "a/2");
        assertThat(listed(TenantQuery.builder().team("red"))).containsExactly("a/1", "a/2");
        assertThat(listed(TenantQuery.builder().phase(TenantPhase.RUNNING))).containsExactly("a/1", "b/3");
        assertThat(listed(TenantQuery.builder().clusterTenant("corp"))).containsExactly("a/1", "b/3");
        assertThat(listed(TenantQuery.builder()
                        .team("red")
                        .phase(TenantPhase.RUNNING)
                        .namespace("a")))
                .containsExactly("a/1");
        assertThat(listed(TenantQuery.builder().team("green"))).isEmpty();
        assertThat(listed(TenantQuery.builder().team("' OR true --"))).isEmpty();
    }

    @Test
    void theScopeHoldsBesideTheFilters() {
        writeFive();

        assertThat(listed(TenantQuery.builder(), "a-b", "b")).containsExactly("a-b/x", "b/y");
        assertThat(listed(TenantQuery.builder().namespace("a"), "b")).isEmpty();
        assertThat(streamed("a")).containsExactly("a/B", "a/a", "a/z");
        assertThat(streamed("nowhere")).isEmpty();
    }

    @Test
    void aStreamShowsTheRowsAsTheyWereWhenItWasOpened() {
        writeFive();
        try (RowCursor<TenantRow> cursor = store().tenants().stream(List.of())) {
            assertThat(cursor.next().id()).hasToString("a-b/x");
            write(RowBuilder.row("b", "z"));
            store().tenants().remove(new TenantId("a", "z"), "uid-1", audit("tenant.delete"));
            assertThat(keysOf(() -> cursor)).containsExactly("a/B", "a/a", "a/z", "b/y");
        }
    }

    @Test
    void aStreamEndsAndClosesAsOftenAsOneLikes() {
        write(acme());
        RowCursor<TenantRow> cursor = store().tenants().stream(List.of());
        cursor.next();

        assertThat(cursor.hasNext()).isFalse();
        assertThatThrownBy(cursor::next).isInstanceOf(NoSuchElementException.class);
        cursor.close();
        cursor.close();
        assertThat(cursor.hasNext()).isFalse();
    }

    @Test
    void aStreamClosedHalfWayGivesBackWhatItHeld() {
        writeFive();
        for (int i = 0; i < 40; i++) {
            try (RowCursor<TenantRow> cursor = store().tenants().stream(List.of())) {
                cursor.next();
            }
        }

        assertThat(write(acme())).isEqualTo(ProjectionStore.Written.YES);
    }

    @Test
    void namesAndFiltersThatNoRowCanHaveAreRefused() {
        TenantId impossible = new TenantId("a", "x\u0000");

        assertThatThrownBy(() -> store().tenants().find(impossible)).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> store().tenants().remove(impossible, "uid", audit("x")))
                .isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> store().tenants()
                        .list(TenantQuery.builder().team("\u0000").build(), List.of()))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("team");
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
