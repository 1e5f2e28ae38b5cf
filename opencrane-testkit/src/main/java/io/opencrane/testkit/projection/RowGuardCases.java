package io.opencrane.testkit.projection;

import static io.opencrane.core.port.ProjectionStore.Written.NEWER_THERE;
import static io.opencrane.core.port.ProjectionStore.Written.YES;
import static io.opencrane.testkit.projection.ProjectionCases.NOW;
import static io.opencrane.testkit.projection.ProjectionCases.together;
import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.resource.ResourceKey;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.port.Row;
import io.opencrane.core.port.RowStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The part of {@link ProjectionStoreTck} about one row of any kind: what replaces what, and what a deletion keeps out.
 *
 * @param <I> what names a row
 * @param <R> the rows
 * @param <Q> which of them to list
 */
abstract class RowGuardCases<I, R extends Row, Q> {
    final ProjectionCases context;

    RowGuardCases(ProjectionCases context) {
        this.context = context;
    }

    abstract ResourceKind kind();

    abstract RowStore<I, R, Q> rows();

    abstract I id(String namespace, String name);

    /** A row that is a draft's in what a draft says, and any in the rest. */
    abstract R row(Draft draft);

    /** What the draft's text became. */
    abstract @Nullable String text(R row);

    /** The wire name of the field that holds the draft's text. */
    abstract String textField();

    abstract @Nullable Instant writtenAt(R row);

    abstract Q query(@Nullable String namespace, int limit, @Nullable String after);

    /** A row in the making; each test names only what it is about. */
    final class Draft {
        final String namespace;
        final String name;
        String uid = "uid-1";
        String version = "100";
        Instant createdAt = Instant.parse("2026-01-01T00:00:00Z");
        String text = "ACME";

        private Draft(String namespace, String name) {
            this.namespace = namespace;
            this.name = name;
        }

        Draft uid(String value) {
            uid = value;
            return this;
        }

        Draft version(String value) {
            version = value;
            return this;
        }

        Draft createdAt(String value) {
            createdAt = Instant.parse(value);
            return this;
        }

        Draft text(String value) {
            text = value;
            return this;
        }

        R build() {
            return row(this);
        }
    }

    final Draft draft(String namespace, String name) {
        return new Draft(namespace, name);
    }

    final Draft acme() {
        return draft("opencrane", "acme");
    }

    final AuditEntry audit(String action) {
        ResourceKey acme = acme().build().key();
        return new AuditEntry(
                context.now,
                kind() == ResourceKind.TENANT ? ProjectionCases.ACME : null,
                action,
                acme.toString(),
                "Done.",
                FreeForm.empty());
    }

    final List<AuditEntry> log() {
        return context.store().audit(null, 100);
    }

    final ProjectionStore.Written write(Draft draft) {
        return write(draft.build());
    }

    final ProjectionStore.Written write(R row) {
        return rows().write(row, audit("row.update"));
    }

    final void remove(String uid) {
        rows().remove(id("opencrane", "acme"), uid, audit("row.delete"));
    }

    final Optional<R> find(Row row) {
        return rows().find(id(row.key().namespace(), row.key().name()));
    }

    final R onRecord() {
        return find(acme().build()).orElseThrow();
    }

    final @Nullable String textOnRecord() {
        return text(onRecord());
    }

    @Test
    void aNewerVersionOfTheSameObjectReplacesTheRow() {
        write(acme().version("100").text("old"));

        assertThat(write(acme().version("101").text("new"))).isEqualTo(YES);
        assertThat(textOnRecord()).isEqualTo("new");
    }

    @Test
    void anOlderVersionKeepsTheRowButIsAudited() {
        write(acme().version("101").text("new"));

        ProjectionStore.Written late =
                rows().write(acme().version("100").text("old").build(), audit("row.late"));

        assertThat(late).isEqualTo(NEWER_THERE);
        assertThat(textOnRecord()).isEqualTo("new");
        assertThat(log()).extracting(AuditEntry::action).containsExactly("row.late", "row.update");
    }

    @Test
    void versionsCompareAsUnsignedNumbersNotAsText() {
        write(acme().version("9").text("nine"));

        assertThat(write(acme().version("10").text("ten"))).isEqualTo(YES);
        assertThat(write(acme().version("9"))).isEqualTo(NEWER_THERE);
        assertThat(write(acme().version("9223372036854775807"))).isEqualTo(YES);
        assertThat(write(acme().version("18446744073709551615").text("largest")))
                .isEqualTo(YES);
        assertThat(write(acme().version("9223372036854775808"))).isEqualTo(NEWER_THERE);
        assertThat(onRecord().resourceVersion()).isEqualTo("18446744073709551615");
    }

    @Test
    void theSameVersionIsWrittenAgainSoThatADamagedRowCanBeRepaired() {
        write(acme().text("damaged"));
        context.now = NOW.plusSeconds(60);

        assertThat(write(acme().text("mended"))).isEqualTo(YES);
        assertThat(textOnRecord()).isEqualTo("mended");
        assertThat(writtenAt(onRecord())).isEqualTo(NOW.plusSeconds(60));
    }

    @Test
    void aRecreatedObjectReplacesItsPredecessorWhateverItsVersion() {
        write(acme().uid("first").version("500"));

        Draft second = acme().uid("second").createdAt("2026-02-01T00:00:00Z").version("20");
        assertThat(write(second)).isEqualTo(YES);
        assertThat(onRecord().uid()).isEqualTo("second");
        assertThat(onRecord().resourceVersion()).isEqualTo("20");
    }

    @Test
    void aPredecessorNeverReplacesItsSuccessor() {
        write(acme().uid("second").createdAt("2026-02-01T00:00:00Z").version("20"));

        assertThat(write(acme().uid("first").version("500"))).isEqualTo(NEWER_THERE);
        assertThat(onRecord().uid()).isEqualTo("second");
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

        assertThat(find(acme().build())).isEmpty();
        assertThat(write(acme().version("999"))).isEqualTo(NEWER_THERE);
        assertThat(rows().writeAll(List.of(acme().version("999").build()), "row.repair"))
                .containsExactly(NEWER_THERE);
        assertThat(find(acme().build())).isEmpty();
    }

    @Test
    void anObjectOlderThanTheRemovedOneIsNotWrittenEither() {
        write(acme().uid("second").createdAt("2026-02-01T00:00:00Z").version("20"));
        remove("second");

        assertThat(write(acme().uid("first").version("500"))).isEqualTo(NEWER_THERE);
        assertThat(find(acme().build())).isEmpty();
    }

    @Test
    void aRecreatedObjectIsWrittenAfterARemovalEvenWithinOneSecond() {
        write(acme().uid("first").version("20"));
        remove("first");

        assertThat(write(acme().uid("second").version("22"))).isEqualTo(YES);
        assertThat(onRecord().uid()).isEqualTo("second");
    }

    @Test
    void removingAPredecessorKeepsTheRowOfItsSuccessor() {
        write(acme().uid("second").createdAt("2026-02-01T00:00:00Z"));
        remove("first");

        assertThat(onRecord().uid()).isEqualTo("second");
        assertThat(write(acme().uid("first"))).isEqualTo(NEWER_THERE);
    }

    @Test
    void aRemovalWithoutARowIsRememberedAndAudited() {
        remove("uid-1");

        assertThat(write(acme())).isEqualTo(NEWER_THERE);
        assertThat(log()).extracting(AuditEntry::action).containsExactly("row.update", "row.delete");
    }

    @Test
    void removingTwiceKeepsWhatTheFirstRemovalKnew() {
        write(acme().uid("second").createdAt("2026-02-01T00:00:00Z"));
        remove("second");
        remove("second");

        assertThat(write(acme().uid("first"))).isEqualTo(NEWER_THERE);
    }

    @Test
    void aRemovalLeavesTheNamesakeElsewhereAlone() {
        Draft namesake = draft("other", "acme");
        write(acme());
        write(namesake);
        remove("uid-1");

        assertThat(find(namesake.build())).isPresent();
        assertThat(write(namesake.version("101"))).isEqualTo(YES);
    }

    @Test
    void aWriterAndARemoverAtOnceNeverLeaveADeletedRow() throws Exception {
        for (int round = 0; round < 50; round++) {
            String uid = "uid-" + round;
            R row = acme().uid(uid).version(Integer.toString(100 + round)).build();
            together(List.of(() -> write(row), () -> rows().writeAll(List.of(row), "row.repair"), () -> {
                remove(uid);
                return true;
            }));
            assertThat(find(acme().build())).as("round %d", round).isEmpty();
        }
    }

    @Test
    void ofWritersAtOnceTheHighestVersionStays() throws Exception {
        List<Callable<?>> writers = List.of(
                () -> write(acme().version("1").text("1")),
                () -> write(acme().version("4").text("4")),
                () -> write(acme().version("2").text("2")),
                () -> rows().writeAll(List.of(acme().version("3").text("3").build()), "row.repair"));
        together(writers);

        assertThat(textOnRecord()).isEqualTo("4");
        assertThat(onRecord().resourceVersion()).isEqualTo("4");
    }

    @Test
    void firstWritesOfOneNameAtOnceDoNotFail() throws Exception {
        for (int round = 0; round < 30; round++) {
            R row = draft("opencrane", "t" + round).build();
            Callable<?> first = () -> rows().writeAll(List.of(row), "row.repair");
            together(List.of(first, first, first, first));
            assertThat(find(row)).isPresent();
        }
    }
}
