package io.opencrane.testkit.projection;

import static io.opencrane.core.port.ProjectionStore.Written.NEWER_THERE;
import static io.opencrane.core.port.ProjectionStore.Written.YES;
import static io.opencrane.testkit.projection.ProjectionCases.NOW;
import static io.opencrane.testkit.projection.ProjectionCases.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.port.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The part of {@link ProjectionStoreTck} about what is refused, and many rows at once, of any kind. */
abstract class RowBulkCases<I, R extends Row, Q> extends RowGuardCases<I, R, Q> {
    RowBulkCases(ProjectionCases context) {
        super(context);
    }

    final void assertRefused(R row, String field) {
        assertThatThrownBy(() -> write(row))
                .asInstanceOf(type(ValidationException.class))
                .satisfies(
                        e -> assertThat(e.problems()).extracting(Problem::path).containsExactly(field));
        assertThatThrownBy(() -> rows().writeAll(List.of(row), "row.repair"))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining(field);
        assertThat(find(acme().build())).isEmpty();
        assertThat(log()).isEmpty();
    }

    @Test
    void aTextWithU0000OrHalfASurrogatePairIsRefusedByFieldName() {
        assertRefused(acme().text("A\u0000").build(), textField());
        assertRefused(acme().text("\ud83d").build(), textField());
    }

    @Test
    void namesThatNoCustomResourceCanHaveAreRefused() {
        assertThatThrownBy(() -> write(draft("opencrane", "x".repeat(254))))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("name");
        assertThatThrownBy(() -> write(draft("x".repeat(64), "acme")))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("namespace");
        assertThat(write(draft("x".repeat(63), "y".repeat(253)))).isEqualTo(YES);
    }

    @Test
    void timesAreKeptAtMicroseconds() {
        write(acme().createdAt("2026-01-01T00:00:00.123456789Z"));

        assertThat(onRecord().createdAt()).isEqualTo("2026-01-01T00:00:00.123456Z");
    }

    @Test
    void aRefusedAuditEntryKeepsItsRowOut() {
        AuditEntry bad = new AuditEntry(NOW, null, "row.update", "row", "\u0000", FreeForm.empty());

        assertThatThrownBy(() -> rows().write(acme().build(), bad))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("audit.message");
        assertThat(find(acme().build())).isEmpty();
    }

    @Test
    void manyRowsAreWrittenEachUnderItsOwnGuard() {
        write(acme().version("200").text("newer"));
        rows().remove(id("opencrane", "gone"), "uid-1", audit("row.delete"));

        assertThat(rows().writeAll(
                                List.of(
                                        draft("opencrane", "zeta").build(),
                                        acme().version("100").text("older").build(),
                                        draft("opencrane", "gone").build(),
                                        draft("opencrane", "beta").build()),
                                "row.repair"))
                .containsExactly(YES, NEWER_THERE, NEWER_THERE, YES);
        assertThat(textOnRecord()).isEqualTo("newer");
        assertThat(rows().find(id("opencrane", "gone"))).isEmpty();
        assertThat(rows().find(id("opencrane", "zeta"))).isPresent();
    }

    @Test
    void manyRowsLeaveAnAuditEntryForEachRowWrittenAndNoOther() {
        write(acme().version("200"));
        R beta = draft("opencrane", "beta").build();
        rows().writeAll(List.of(acme().version("100").build(), beta), "row.repair");

        assertThat(log()).hasSize(2).startsWith(AuditEntry.ofRow(beta, "row.repair", NOW));
        assertThat(log().get(1).action()).isEqualTo("row.update");
    }

    @Test
    void theAuditEntriesOfManyRowsAreInTheOrderOfTheRows() {
        List<String> names = List.of("zeta", "beta", "eta", "acme", "zeta", "alpha");
        rows().writeAll(
                        names.stream()
                                .map(name -> draft("opencrane", name).build())
                                .toList(),
                        "row.repair");

        List<String> newestFirst = new ArrayList<>(names);
        Collections.reverse(newestFirst);
        assertThat(log())
                .extracting(AuditEntry::resource)
                .containsExactlyElementsOf(newestFirst.stream()
                        .map(name -> kind().kind() + " opencrane/" + name)
                        .toList());
    }

    @Test
    void aNameMayAppearTwiceAsIfWrittenOneAfterAnother() {
        R older = acme().version("100").text("older").build();
        R newer = acme().version("101").text("newer").build();

        assertThat(rows().writeAll(List.of(newer, older), "row.repair")).containsExactly(YES, NEWER_THERE);
        assertThat(textOnRecord()).isEqualTo("newer");
        R newest = acme().version("102").text("newest").build();
        assertThat(rows().writeAll(List.of(newer, newest, older), "row.repair")).containsExactly(YES, YES, NEWER_THERE);
        assertThat(textOnRecord()).isEqualTo("newest");
    }

    @Test
    void oneRefusedRowKeepsAllOut() {
        List<R> rows =
                List.of(acme().build(), draft("opencrane", "bad").text("\u0000").build());

        assertThatThrownBy(() -> rows().writeAll(rows, "row.repair"))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining(textField())
                .hasMessageContaining(kind().kind() + " opencrane/bad");
        assertThat(find(acme().build())).isEmpty();
        assertThat(log()).isEmpty();
    }

    @Test
    void noRowsAreWrittenWithoutAWord() {
        assertThat(rows().writeAll(List.of(), "row.repair")).isEmpty();
        assertThat(log()).isEmpty();
    }

    @Test
    void moreRowsThanFitAStatementAreWrittenInOneGo() {
        List<R> rows = new ArrayList<>(IntStream.range(0, 2_500)
                .mapToObj(i -> draft("opencrane", "t" + i).build())
                .toList());
        Collections.shuffle(rows, new Random(7));

        assertThat(rows().writeAll(rows, "row.repair")).hasSize(2_500).containsOnly(YES);
        assertThat(context.store().audit(null, 5_000)).hasSize(2_500);
    }

    @Test
    void crowdsOfOverlappingRowsAtOnceNeitherDeadlockNorGetLost() throws Exception {
        List<R> forward = IntStream.range(0, 300)
                .mapToObj(i -> draft("opencrane", "t" + i).version("200").build())
                .toList();
        List<R> backward = new ArrayList<>(IntStream.range(0, 300)
                .mapToObj(i -> draft("opencrane", "t" + i).version("100").build())
                .toList());
        Collections.reverse(backward);
        together(List.of(() -> rows().writeAll(forward, "row.repair"), () -> rows().writeAll(backward, "row.repair")));

        assertThat(forward)
                .allSatisfy(row ->
                        assertThat(find(row).orElseThrow().resourceVersion()).isEqualTo("200"));
    }
}
