package io.opencrane.core.budget;

import io.opencrane.api.budget.ModelKeyMetadata;
import io.opencrane.api.projection.ProjectionOutcome;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.audit.AfterChange;
import io.opencrane.core.port.KeyJournal.Entry;
import io.opencrane.core.port.KeyJournal.Key;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.projection.Projectable;
import io.opencrane.core.tenant.TenantNames;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a tenant's keys: the record is the truth about those that live, the projection remembers those before them. A key that
 * the projection takes for live and the record does not hold ended without this service, at the latest when that was seen.
 */
final class KeyHistory {
    private static final Comparator<ModelKeyMetadata> NEWEST_FIRST = Comparator.comparing(ModelKeyMetadata::issuedAt)
            .thenComparing(ModelKeyMetadata::keyAlias)
            .reversed();

    private static final String HISTORY = "key.history";

    private final AfterChange after;
    private final InstantSource clock;

    KeyHistory(AfterChange after, InstantSource clock) {
        this.after = after;
        this.clock = clock;
    }

    static String secretName(TenantId tenant) {
        return TenantNames.of(tenant).modelKeySecret();
    }

    private static ModelKeyMetadata metadata(TenantId tenant, Entry entry, Key key, @Nullable Instant revokedAt) {
        return new ModelKeyMetadata(
                tenant.name(), key.alias(), secretName(tenant), entry.monthlyBudgetUsd(), key.issuedAt(), revokedAt);
    }

    /**
     * The record's keys, and those before them. An end that nobody told of is remembered when it is first seen.
     *
     * @param record read after the projection, here as everywhere in this class: of a key that was known then and is in no record now it
     *     is sure that it ended, the other way around it may be newer than the record
     */
    List<ModelKeyMetadata> read(TenantId tenant, Supplier<Optional<Entry>> record) {
        List<ModelKeyMetadata> known =
                after.read(tenant, HISTORY, store -> store.keys(tenant)).orElse(List.of());
        List<ModelKeyMetadata> live = live(tenant, record.get(), null);
        List<ModelKeyMetadata> ended = ended(live, known);
        if (!known.containsAll(ended)) {
            after.write(tenant, HISTORY, store -> writeEnds(store, tenant, ended, known));
        }
        return Stream.concat(live.stream(), ended.stream()).sorted(NEWEST_FIRST).toList();
    }

    /** Brings the projection up to the record. */
    ProjectionOutcome record(TenantId tenant, Supplier<Optional<Entry>> record, String action) {
        return write(tenant, () -> live(tenant, record.get(), null), action);
    }

    /** Remembers that every key of a record ended now. */
    ProjectionOutcome revoked(TenantId tenant, Optional<Entry> record) {
        return write(tenant, () -> live(tenant, record, clock.instant()), "key.revoke");
    }

    private ProjectionOutcome write(TenantId tenant, Supplier<List<ModelKeyMetadata>> keys, String action) {
        return after.write(tenant, action, store -> {
            List<ModelKeyMetadata> known = store.keys(tenant);
            List<ModelKeyMetadata> now = keys.get();
            now.stream()
                    .filter(key -> known.stream().noneMatch(old -> isSame(old, key)))
                    .forEach(key -> write(store, tenant, key, action));
            writeEnds(store, tenant, ended(now, known), known);
        });
    }

    private void writeEnds(
            ProjectionStore store, TenantId tenant, List<ModelKeyMetadata> ended, List<ModelKeyMetadata> known) {
        ended.stream().filter(key -> !known.contains(key)).forEach(key -> write(store, tenant, key, "key.end"));
    }

    private void write(ProjectionStore store, TenantId tenant, ModelKeyMetadata key, String action) {
        String done = key.revokedAt() == null ? "has model key " : "lost model key ";
        store.recordKey(
                tenant,
                key,
                after.entry(tenant, action, done + key.keyAlias(), Map.of("secretName", key.secretName())));
    }

    private static List<ModelKeyMetadata> live(TenantId tenant, Optional<Entry> record, @Nullable Instant revokedAt) {
        return record.stream()
                .flatMap(entry -> entry.keys().map(key -> metadata(tenant, entry, key, revokedAt)))
                .toList();
    }

    /** The known keys that the record does not hold, each with an end. */
    private List<ModelKeyMetadata> ended(List<ModelKeyMetadata> live, List<ModelKeyMetadata> known) {
        Set<String> aliases = live.stream().map(ModelKeyMetadata::keyAlias).collect(Collectors.toSet());
        List<ModelKeyMetadata> ended = new ArrayList<>();
        for (ModelKeyMetadata key : known) {
            if (!aliases.contains(key.keyAlias())) {
                ended.add(
                        key.revokedAt() != null
                                ? key
                                : new ModelKeyMetadata(
                                        key.tenant(),
                                        key.keyAlias(),
                                        key.secretName(),
                                        key.monthlyBudgetUsd(),
                                        key.issuedAt(),
                                        clock.instant()));
            }
        }
        return ended;
    }

    /** Rows keep money at two digits and the record whatever was asked for. */
    private static boolean isSame(ModelKeyMetadata one, ModelKeyMetadata other) {
        return one.keyAlias().equals(other.keyAlias())
                && one.issuedAt().equals(other.issuedAt())
                && (one.revokedAt() == null) == (other.revokedAt() == null)
                && Objects.equals(
                        Projectable.atScale(one.monthlyBudgetUsd()), Projectable.atScale(other.monthlyBudgetUsd()));
    }
}
