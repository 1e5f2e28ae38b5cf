package io.opencrane.testkit.projection;

import static io.opencrane.core.port.ProjectionStore.Written.NEWER_THERE;
import static io.opencrane.core.port.ProjectionStore.Written.YES;
import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.port.TenantRow;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The half of {@link ProjectionStoreTck} about one row: what replaces what, and what a deletion keeps out. */
abstract class ProjectionGuardCases {
    static final TenantId ACME = new TenantId("opencrane", "acme");
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    /** The store's clock; a test may set it. */
    volatile Instant now = NOW;

    /** Made new for every test, and empty. */
    private ProjectionStore store;

    abstract ProjectionStore newStore() throws Exception;

    @BeforeEach
    final void openStore() throws Exception {
        store = newStore();
    }

    final ProjectionStore store() {
        return store;
    }

    final AuditEntry audit(String action) {
        return new AuditEntry(now, ACME, action, "Tenant opencrane/acme", "Done.", FreeForm.empty());
    }

    final ProjectionStore.Written write(TenantRow row) {
        return store.tenants().write(row, audit("tenant.update"));
    }

    final ProjectionStore.Written write(RowBuilder row) {
        return write(row.build());
    }

    final void remove(String uid) {
        store.tenants().remove(ACME, uid, audit("tenant.delete"));
    }

    static RowBuilder acme() {
        return RowBuilder.row(ACME);
    }

    final String nameOnRecord() {
        return store.tenants().find(ACME).orElseThrow().displayName();
    }

    /** Runs all at the same moment, as far as threads can. */
    static void together(List<Callable<?>> tasks) throws Exception {
        CyclicBarrier start = new CyclicBarrier(tasks.size());
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            List<Future<Object>> running = tasks.stream()
                    .map(task -> threads.submit(() -> {
                        start.await();
                        return (Object) task.call();
                    }))
                    .toList();
            for (Future<Object> one : running) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aNewerVersionOfTheSameObjectReplacesTheRow() {
        write(acme().version("100").displayName("old"));

        assertThat(write(acme().version("101").displayName("new"))).isEqualTo(YES);
        assertThat(nameOnRecord()).isEqualTo("new");
    }

    @Test
    void anOlderVersionKeepsTheRowButIsAudited() {
        write(acme().version("101").displayName("new"));

        ProjectionStore.Written late =
                store.tenants().write(acme().version("100").displayName("old").build(), audit("tenant.late"));

        assertThat(late).isEqualTo(NEWER_THERE);
        assertThat(nameOnRecord()).isEqualTo("new");
        assertThat(store.audit(ACME, 10))
                .extracting(AuditEntry::action)
                .containsExactly("tenant.late", "tenant.update");
    }

    @Test
    void versionsCompareAsUnsignedNumbersNotAsText() {
        write(acme().version("9").displayName("nine"));

        assertThat(write(acme().version("10").displayName("ten"))).isEqualTo(YES);
        assertThat(write(acme().version("9"))).isEqualTo(NEWER_THERE);
        assertThat(write(acme().version("9223372036854775807"))).isEqualTo(YES);
        assertThat(write(acme().version("18446744073709551615").displayName("largest")))
                .isEqualTo(YES);
        assertThat(write(acme().version("9223372036854775808"))).isEqualTo(NEWER_THERE);
        assertThat(store.tenants().find(ACME).orElseThrow().resourceVersion()).isEqualTo("18446744073709551615");
    }

    @Test
    void theSameVersionIsWrittenAgainSoThatADamagedRowCanBeRepaired() {
        write(acme().displayName("damaged"));
        now = NOW.plusSeconds(60);

        assertThat(write(acme().displayName("mended"))).isEqualTo(YES);
        assertThat(nameOnRecord()).isEqualTo("mended");
        assertThat(store.tenants().find(ACME).orElseThrow().updatedAt()).isEqualTo(NOW.plusSeconds(60));
    }

    @Test
    void aRecreatedObjectReplacesItsPredecessorWhateverItsVersion() {
        write(acme().uid("first").version("500"));

        RowBuilder second =
                acme().uid("second").createdAt("2026-02-01T00:00:00Z").version("20");
        assertThat(write(second)).isEqualTo(YES);
        assertThat(store.tenants().find(ACME).orElseThrow().uid()).isEqualTo("second");
        assertThat(store.tenants().find(ACME).orElseThrow().resourceVersion()).isEqualTo("20");
    }

    @Test
    void aPredecessorNeverReplacesItsSuccessor() {
        write(acme().uid("second").createdAt("2026-02-01T00:00:00Z").version("20"));

        assertThat(write(acme().uid("first").version("500"))).isEqualTo(NEWER_THERE);
        assertThat(store.tenants().find(ACME).orElseThrow().uid()).isEqualTo("second");
    }

    @Test
    void ofTwoObjectsOfOneSecondTheHigherVersionIsTheLater() {
        write(acme().uid("b").version("20"));

        assertThat(write(acme().uid("a").version("19"))).isEqualTo(NEWER_THERE);
        assertThat(write(acme().uid("c").version("21"))).isEqualTo(YES);
    }

    @Test
    void aRemovedObjectIsNeverWrittenAgain() {
        write(acme());
        remove("uid-1");

        assertThat(store.tenants().find(ACME)).isEmpty();
        assertThat(write(acme().version("999"))).isEqualTo(NEWER_THERE);
        assertThat(store.tenants().writeAll(List.of(acme().version("999").build()), "tenant.repair"))
                .containsExactly(NEWER_THERE);
        assertThat(store.tenants().find(ACME)).isEmpty();
    }

    @Test
    void anObjectOlderThanTheRemovedOneIsNotWrittenEither() {
        write(acme().uid("second").createdAt("2026-02-01T00:00:00Z").version("20"));
        remove("second");

        assertThat(write(acme().uid("first").version("500"))).isEqualTo(NEWER_THERE);
        assertThat(store.tenants().find(ACME)).isEmpty();
    }

    @Test
    void aRecreatedObjectIsWrittenAfterARemovalEvenWithinOneSecond() {
        write(acme().uid("first").version("20"));
        remove("first");

        assertThat(write(acme().uid("second").version("22"))).isEqualTo(YES);
        assertThat(store.tenants().find(ACME).orElseThrow().uid()).isEqualTo("second");
    }

    @Test
    void removingAPredecessorKeepsTheRowOfItsSuccessor() {
        write(acme().uid("second").createdAt("2026-02-01T00:00:00Z"));
        remove("first");

        assertThat(store.tenants().find(ACME).orElseThrow().uid()).isEqualTo("second");
        assertThat(write(acme().uid("first"))).isEqualTo(NEWER_THERE);
    }

    @Test
    void aRemovalWithoutARowIsRememberedAndAudited() {
        remove("uid-1");

        assertThat(write(acme())).isEqualTo(NEWER_THERE);
        assertThat(store.audit(ACME, 10))
                .extracting(AuditEntry::action)
                .containsExactly("tenant.update", "tenant.delete");
    }

    @Test
    void removingTwiceKeepsWhatTheFirstRemovalKnew() {
        write(acme().uid("second").createdAt("2026-02-01T00:00:00Z"));
        remove("second");
        remove("second");

        assertThat(write(acme().uid("first"))).isEqualTo(NEWER_THERE);
    }

    @Test
    void aRemovalOfOneTenantLeavesItsNamesakeElsewhereAlone() {
        TenantId namesake = new TenantId("other", "acme");
        write(acme());
        write(RowBuilder.row(namesake));
        remove("uid-1");

        assertThat(store.tenants().find(namesake)).isPresent();
        assertThat(write(RowBuilder.row(namesake).version("101"))).isEqualTo(YES);
    }

    @Test
    void aWriterAndARemoverAtOnceNeverLeaveADeletedRow() throws Exception {
        for (int round = 0; round < 50; round++) {
            String uid = "uid-" + round;
            TenantRow row =
                    acme().uid(uid).version(Integer.toString(100 + round)).build();
            together(List.of(() -> write(row), () -> store.tenants().writeAll(List.of(row), "tenant.repair"), () -> {
                remove(uid);
                return true;
            }));
            assertThat(store.tenants().find(ACME)).as("round %d", round).isEmpty();
        }
    }

    @Test
    void ofWritersAtOnceTheHighestVersionStays() throws Exception {
        List<Callable<?>> writers = List.of(
                () -> write(acme().version("1").displayName("1")),
                () -> write(acme().version("4").displayName("4")),
                () -> write(acme().version("2").displayName("2")),
                () -> store.tenants()
                        .writeAll(List.of(acme().version("3").displayName("3").build()), "tenant.repair"));
        together(writers);

        assertThat(nameOnRecord()).isEqualTo("4");
        assertThat(store.tenants().find(ACME).orElseThrow().resourceVersion()).isEqualTo("4");
    }

    @Test
    void firstWritesOfOneTenantAtOnceDoNotFail() throws Exception {
        for (int round = 0; round < 30; round++) {
            TenantRow row = RowBuilder.row("opencrane", "t" + round).build();
            Callable<?> first = () -> store.tenants().writeAll(List.of(row), "tenant.repair");
            together(List.of(first, first, first, first));
            assertThat(store.tenants().find(row.id())).isPresent();
        }
    }
}
