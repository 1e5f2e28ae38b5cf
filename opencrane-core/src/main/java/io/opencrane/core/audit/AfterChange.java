package io.opencrane.core.audit;

import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.projection.ProjectionOutcome;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.resource.ResourceKey;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.port.ProjectionStore;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The projection behind a change that has already taken effect: whatever goes wrong here is reported as {@code PENDING} and logged, never
 * thrown, for the caller must learn that the change happened (DECISIONS 40). Thread-safe.
 */
public final class AfterChange {
    private static final Logger LOG = LoggerFactory.getLogger(AfterChange.class);

    private final @Nullable ProjectionStore store;
    private final InstantSource clock;

    /**
     * Over a projection.
     *
     * @param store the projection, or null where the host has none
     * @param clock dates audit entries
     */
    public AfterChange(@Nullable ProjectionStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * An audit entry about a tenant, as of now.
     *
     * @param id the tenant
     * @param action for example {@code tenant.create}
     * @param done what was done to it, for example {@code created}
     * @param details for machines; never holds a secret
     * @return the entry
     */
    public AuditEntry entry(TenantId id, String action, String done, Map<String, ?> details) {
        return entry(id.key(), action, done, details);
    }

    /**
     * An audit entry about a resource, as of now.
     *
     * @param key for example a customer, which belongs to no tenant
     * @param action for example {@code cluster-tenant.create}
     * @param done what was done to it, for example {@code created}
     * @param details for machines; never holds a secret
     * @return the entry
     */
    public AuditEntry entry(ResourceKey key, String action, String done, Map<String, ?> details) {
        TenantId tenant = isTenant(key) ? new TenantId(key.namespace(), key.name()) : null;
        String resource = key.toString();
        return new AuditEntry(
                clock.instant(), tenant, action, resource, resource + " " + done + ".", FreeForm.of(details));
    }

    /**
     * Writes.
     *
     * @param id whom it is about
     * @param action for the log
     * @param effect what to write
     * @return what became of it
     */
    public ProjectionOutcome write(TenantId id, String action, Consumer<ProjectionStore> effect) {
        return write(id.key(), action, effect);
    }

    /**
     * Writes.
     *
     * @param resource what it is about, for example a customer
     * @param action for the log
     * @param effect what to write
     * @return what became of it
     */
    public ProjectionOutcome write(ResourceKey resource, String action, Consumer<ProjectionStore> effect) {
        if (store == null) {
            return ProjectionOutcome.NONE;
        }
        try {
            effect.accept(store);
            return ProjectionOutcome.WRITTEN;
        } catch (RuntimeException e) {
            warn(
                    resource,
                    action,
                    e,
                    "The change took effect, but what the projection keeps of it could not be written.");
            return ProjectionOutcome.PENDING;
        }
    }

    /**
     * Reads what a change needs to know of the projection.
     *
     * @param id whom it is about
     * @param action for the log
     * @param question what to read
     * @param <T> what is read
     * @return the answer; empty without a projection, or when it does not answer
     */
    public <T> Optional<T> read(TenantId id, String action, Function<ProjectionStore, T> question) {
        return read(id.key(), action, question);
    }

    /**
     * Reads what a change needs to know of the projection.
     *
     * @param resource what it is about, for example a customer
     * @param action for the log
     * @param question what to read
     * @param <T> what is read
     * @return the answer; empty without a projection, or when it does not answer
     */
    public <T> Optional<T> read(ResourceKey resource, String action, Function<ProjectionStore, T> question) {
        if (store == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(question.apply(store));
        } catch (RuntimeException e) {
            warn(resource, action, e, "What the projection knows could not be read.");
            return Optional.empty();
        }
    }

    /**
     * What may be logged of a failure: our own exceptions are free of secrets by contract, of a stranger's only the type is safe.
     *
     * @param failure any
     * @return a message, or the name of a class
     */
    public static String loggable(RuntimeException failure) {
        return failure instanceof OpenCraneException
                ? String.valueOf(failure.getMessage())
                : failure.getClass().getName();
    }

    private static boolean isTenant(ResourceKey key) {
        return key.kind() == ResourceKind.TENANT;
    }

    private static void warn(ResourceKey key, String action, RuntimeException e, String sentence) {
        LOG.atWarn()
                .addKeyValue("name", action)
                .addKeyValue("component", "projection")
                .addKeyValue(
                        isTenant(key) ? "tenant" : "resource", isTenant(key) ? key.namespace() + "/" + key.name() : key)
                .addKeyValue("err", loggable(e))
                .log(sentence);
    }
}
