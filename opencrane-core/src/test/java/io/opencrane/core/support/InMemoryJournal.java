package io.opencrane.core.support;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.core.port.KeyJournal;
import java.util.Optional;

public final class InMemoryJournal implements KeyJournal {
    public Entry stored;
    private int version;

    @Override
    public Optional<Entry> read() {
        return Optional.ofNullable(stored);
    }

    @Override
    public Entry create(Entry entry) {
        if (stored != null) {
            throw new OpenCraneException(ErrorCode.ALREADY_EXISTS, "journal", "There is a record.");
        }
        return store(entry);
    }

    @Override
    public Entry replace(Entry entry) {
        if (stored == null || !stored.version().equals(entry.version())) {
            throw new OpenCraneException(ErrorCode.CONFLICT, "journal", "The record changed.");
        }
        return store(entry);
    }

    @Override
    public void delete(Entry entry) {
        stored = null;
    }

    private Entry store(Entry entry) {
        stored = new Entry(
                entry.state(),
                entry.current(),
                entry.next(),
                entry.previous(),
                entry.monthlyBudgetUsd(),
                entry.spentBeforeUsd(),
                String.valueOf(++version));
        return stored;
    }
}
