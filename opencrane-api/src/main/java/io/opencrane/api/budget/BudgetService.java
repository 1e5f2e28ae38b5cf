package io.opencrane.api.budget;

import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.projection.ProjectionOutcome;
import io.opencrane.api.projection.RepairMode;
import io.opencrane.api.tenant.TenantId;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Model keys, budgets and spend of tenants (contract §6). What a tenant may spend stands in its custom resource and is changed there;
 * its reconciler gives it a key and carries a changed budget to the gateway. This service is for everything that people do beside it.
 *
 * <p>Every call may be cut off and made again: the end is the same. Raw keys go into the tenant's Secret and to the gateway, nowhere else.
 * Blocking, thread-safe. Every method that names a tenant may fail with {@code TENANT_NOT_FOUND}; every method that needs the model
 * gateway with {@code DEPENDENCY_NOT_CONFIGURED} where there is none or it is not enabled, and with {@code UNAUTHORIZED},
 * {@code UPSTREAM_ERROR} or {@code TIMEOUT} where it does not do its part, and with {@code NAME_TAKEN} where the tenant's team there is
 * somebody else's, or its Secret in the cluster. Every host of an instance needs the same settings: a default budget that only one of
 * them knows is set and taken away by turns.
 */
public interface BudgetService {
    /**
     * Sees to it that the gateway has the tenant's key and ceiling, asking it for both, and finishes what was left half done. A key that
     * the gateway lost is registered again, the same; pods notice nothing. A tenant without any is given one and asked to reconcile.
     *
     * @param tenant a tenant that was reconciled before
     * @return what is known of the key in use
     * @throws OpenCraneException {@code CONFLICT} if the tenant has no namespace for its Secret yet: its first reconcile does both; also
     *     if its key belongs to another team at the gateway, and, retryable, if it was moved or made anew meanwhile;
     *     {@code BEING_DELETED} if it is on its way out
     */
    KeyChange ensureKey(TenantId tenant);

    /**
     * Replaces a key without a moment in which none works. The new one is in the Secret when this returns; the reconciler rolls the pod
     * and then ends the old one.
     *
     * @param tenant the tenant
     * @param keyAlias the key to be replaced, as {@link #keys} names it; when another one is in use, it was replaced already, and that is
     *     a success
     * @return what is known of the key in use
     * @throws OpenCraneException {@code NOT_FOUND} if there is no key; {@code IN_USE}, retryable, while the pod has not rolled since the
     *     last rotation; {@code CONFLICT} and {@code BEING_DELETED} as {@link #ensureKey}
     */
    KeyChange rotateKey(TenantId tenant, String keyAlias);

    /**
     * Ends every key of the tenant, at the gateway first, then in the cluster. Its reconciler gives it a new one and rolls the pod: to
     * keep a tenant from models, {@linkplain #block block} it. What it spent stays. Made again, it also ends the key that was made since.
     *
     * @param tenant the tenant
     * @return what was found and ended
     * @throws OpenCraneException {@code CONFLICT} if the tenant was never reconciled, so that nobody knows where its key is
     */
    KeyRevocation revokeKey(TenantId tenant);

    /**
     * Keeps the tenant from models until it is {@linkplain #unblock unblocked}, whatever its budget is and however often its key changes.
     * It takes about a minute until every replica of the gateway agrees. A key that the deployed platform made is taken over first; a
     * tenant that was never reconciled is asked to, and its key of the platform works until then.
     *
     * @param tenant the tenant
     * @param reason for the audit log; one sentence without secrets
     * @return what became of the audit entry
     * @throws OpenCraneException {@code VALIDATION_ERROR} if the reason is blank; {@code CONFLICT} if the tenant is blocked, but its key is
     *     in another team at the gateway, where the block does not reach it
     */
    ProjectionOutcome block(TenantId tenant, String reason);

    /**
     * Ends a {@link #block}. Does nothing to a tenant that is not blocked.
     *
     * @param tenant the tenant
     * @param reason for the audit log; one sentence without secrets
     * @return what became of the audit entry
     * @throws OpenCraneException {@code VALIDATION_ERROR} if the reason is blank
     */
    ProjectionOutcome unblock(TenantId tenant, String reason);

    /**
     * What is known of the tenant's keys: those in its Secret and, where there is a projection, those before them.
     *
     * @param tenant the tenant
     * @return newest first; never a raw key
     */
    List<ModelKeyMetadata> keys(TenantId tenant);

    /**
     * What the tenant spent in the running budget period, against its budget as the gateway enforces it.
     *
     * @param tenant the tenant
     * @return the spend
     * @throws OpenCraneException {@code NOT_FOUND} if the gateway does not know the tenant yet
     */
    Spend spend(TenantId tenant);

    /**
     * Reads a ceiling.
     *
     * @param account whose
     * @return US dollars a calendar month, or empty if there is none
     * @throws OpenCraneException {@code DEPENDENCY_NOT_CONFIGURED} without a projection, where ceilings are stored
     */
    Optional<BigDecimal> ceiling(BudgetAccount account);

    /**
     * Stores a ceiling for the budgets of an account together. It is a number to {@linkplain #checkCeilings check} against; nothing
     * enforces it, and budgets that are already beyond it stay.
     *
     * @param account whose
     * @param monthlyUsd US dollars a calendar month, zero or more; null takes the ceiling away
     * @throws OpenCraneException {@code VALIDATION_ERROR} if the amount is negative or too large; {@code DEPENDENCY_NOT_CONFIGURED}
     *     without a projection
     */
    void setCeiling(BudgetAccount account, @Nullable BigDecimal monthlyUsd);

    /**
     * Whether a budget would fit under the ceilings, before a host writes it. Adds up the budgets in the custom resources, suspended
     * tenants included and those on their way out not; a budget that is not set counts as the default budget, and an unlimited one fits
     * under no ceiling.
     *
     * @param tenant the tenant
     * @param monthlyUsd what its budget would be; null as in the custom resource, where the default budget counts, or none
     * @return one check for each ceiling there is, none if there is none
     * @throws OpenCraneException {@code VALIDATION_ERROR} if the amount is negative; {@code DEPENDENCY_NOT_CONFIGURED} without a
     *     projection
     */
    List<CeilingCheck> checkCeilings(TenantId tenant, @Nullable BigDecimal monthlyUsd);

    /**
     * As {@link #checkCeilings}, for a tenant that is not there yet.
     *
     * @param clusterTenant the customer it would belong to, or null
     * @param monthlyUsd what its budget would be, or null
     * @return one check for each ceiling there is, none if there is none
     * @throws OpenCraneException as {@link #checkCeilings}
     */
    List<CeilingCheck> checkCeilingsForNew(@Nullable String clusterTenant, @Nullable BigDecimal monthlyUsd);

    /**
     * Compares what is recorded of a tenant's key and budget, what the gateway's records say, and what the gateway does, and mends the
     * difference where it can.
     *
     * @param tenant the tenant
     * @param mode whether to mend
     * @return the findings, none if all is well
     * @throws OpenCraneException {@code CONFLICT} if the tenant was never reconciled; {@code BEING_DELETED} if it is on its way out
     */
    KeyReport checkTruth(TenantId tenant, RepairMode mode);

    /**
     * Looks for keys and teams of this instance without a tenant, tenants without a live key and Secrets whose key is dead, and mends
     * what it can. Touches nothing of another instance, and nothing at all unless every tenant could be listed. Reads every tenant, its
     * Secret and every key and team at the gateway: a job for once a day.
     *
     * @param mode whether to mend
     * @return the findings, none if all is well
     */
    KeyReport sweep(RepairMode mode);

    /**
     * Tells a listener of tenants that crossed 80 or 100 percent of their budget since the last call, or came back below. Call it from a
     * scheduler of the host's.
     *
     * @param listener is told, on the calling thread
     * @return what was told
     */
    ThresholdReport checkThresholds(BudgetListener listener);

    /**
     * As {@link #checkThresholds(BudgetListener)}, at other thresholds. A tenant is told of once for each highest threshold in each
     * budget period, and when it comes back below. What was told is remembered in the projection, or, without one, by this object; it is
     * one mark a tenant, so ask for one list of thresholds only: two by turns would tell of crossings that are none.
     *
     * @param listener is told, on the calling thread; when it throws, the event is told again next time
     * @param percents of the budget, each 1 or more; at least one
     * @return what was told
     * @throws OpenCraneException {@code VALIDATION_ERROR} if a percentage is below 1, or there is none
     */
    ThresholdReport checkThresholds(BudgetListener listener, List<Integer> percents);
}
