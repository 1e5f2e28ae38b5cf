package io.opencrane.core.port;

import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.SecretText;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The gateway that sells model calls, as the key lifecycle needs it (litellm.md §6, §8): a team carries a tenant's ceiling and spend, a
 * budget-less key in it is the credential. Every method is safe to repeat; after a failure it is unknown whether the call acted.
 * Blocking, thread-safe; every method may fail with {@code UNAUTHORIZED}, {@code UPSTREAM_ERROR} or {@code TIMEOUT}.
 */
public interface ModelGateway {
    /** The period of every ceiling that we set, as {@link TeamState#budgetPeriod} names it: a calendar month. */
    String MONTHLY = "1mo";

    /**
     * Makes the team be as asked for: created if it is not there, updated if it differs. Spend is kept.
     *
     * @param team what is wanted; metadata that others keep at the team stays
     * @throws OpenCraneException {@code VALIDATION_ERROR} if the budget is negative; {@code NAME_TAKEN} if there is a team of this id
     *     whose metadata names another owner, nothing was changed
     */
    void ensureTeam(Team team);

    /**
     * Reads a team.
     *
     * @param teamId our own id
     * @return the team, or empty if the gateway is sound and says there is none
     */
    Optional<TeamState> findTeam(String teamId);

    /**
     * Lists teams by their metadata. The list is complete or fails, but has no snapshot: a team made meanwhile may be missing.
     *
     * @param metadata what their metadata must contain
     * @return the teams, in no order
     */
    List<TeamState> teams(Map<String, String> metadata);

    /**
     * Blocks a team, so that none of its keys works whatever its budget is, or lets it work again. Budgets and keys stay.
     *
     * @param teamId our own id
     * @param blocked whether it is to be blocked
     * @throws OpenCraneException {@code NOT_FOUND} if there is no such team
     */
    void blockTeam(String teamId, boolean blocked);

    /**
     * Deletes a team with every key in it, and what it spent. One that is not there is a success.
     *
     * @param teamId our own id
     */
    void deleteTeam(String teamId);

    /**
     * What a team spent on each model, as booked by day; it lags behind {@link TeamState#spendUsd} and may differ from it.
     *
     * @param teamId our own id
     * @param from the first day, in UTC
     * @param to the last day, in UTC
     * @return by model, in no order; empty if nothing was spent
     */
    List<ModelUsage> usage(String teamId, LocalDate from, LocalDate to);

    /**
     * Where spend is read, for people.
     *
     * @return for example {@code http://litellm:4000/team/info}; holds no secret
     */
    String spendSource();

    /**
     * Registers a key that we made. Registering the same key again is a success.
     *
     * @param key the key; its team must exist
     * @throws OpenCraneException {@code NAME_TAKEN} if another key has the alias, {@code CONFLICT} if this very key is registered under
     *     another alias or team, {@code NOT_FOUND} if the team is not there, {@code VALIDATION_ERROR} if the key could be guessed
     */
    void registerKey(NewKey key);

    /**
     * Reads a key.
     *
     * @param keyHash the lower-case hex SHA-256 of the raw key
     * @return the key, or empty if the gateway is sound and says there is none
     */
    Optional<KeyState> findKey(String keyHash);

    /**
     * Lists the keys of a team.
     *
     * @param teamId our own id
     * @return the keys, in no order; empty if there is no such team
     */
    List<KeyState> keysOf(String teamId);

    /**
     * Lists keys by their metadata. The list is complete or fails, but has no snapshot: a key made meanwhile may be missing.
     *
     * @param metadata what their metadata must contain
     * @return the keys, in no order
     */
    List<KeyState> keys(Map<String, String> metadata);

    /**
     * Makes a key that is there one of a team, and takes its own budget and its expiry away, so that the team's ceiling is the one that
     * counts. The key itself, its alias and what it spent stay.
     *
     * @param keyHash the lower-case hex SHA-256 of the raw key
     * @param teamId the team, which must exist
     * @param metadata added to the key's own
     * @throws OpenCraneException {@code NOT_FOUND} if there is no such key or team, {@code CONFLICT} if the key is in another team;
     *     nothing was changed
     */
    void placeKey(String keyHash, String teamId, Map<String, String> metadata);

    /**
     * Whether the gateway lets a key in, asked with the key itself: what is enforced, which a gateway's caches keep for about a minute
     * behind what {@link #findKey} tells. Costs no model call, and so does not tell whether a budget is spent.
     *
     * @param key the raw key
     * @return false if the gateway is sound and refuses it
     */
    boolean accepts(SecretText key);

    /**
     * Deletes a key. One that is not there is a success.
     *
     * @param keyHash the lower-case hex SHA-256 of the raw key
     */
    void deleteKey(String keyHash);

    /**
     * Whether the gateway and its database answer. Never throws for an outage: that is an answer.
     *
     * @return the health
     */
    GatewayHealth health();

    /**
     * A team as wanted.
     *
     * @param teamId our own id (DECISIONS 31)
     * @param alias a name for people
     * @param monthlyBudgetUsd the ceiling, which resets monthly; null is unlimited, zero blocks
     * @param metadata whose it is
     */
    record Team(String teamId, String alias, @Nullable BigDecimal monthlyBudgetUsd, Map<String, String> metadata) {
        /** Copies the metadata. */
        public Team {
            metadata = Map.copyOf(metadata);
        }
    }

    /**
     * A team as it is.
     *
     * @param teamId our own id
     * @param monthlyBudgetUsd its ceiling, or null for unlimited
     * @param budgetPeriod the period of its ceiling as the gateway writes it, for example {@code 1mo}; null when it never resets
     * @param spendUsd what it spent since the last reset
     * @param blocked whether it is blocked
     * @param budgetResetAt when its spend resets; null when it never does
     * @param metadata its text metadata
     */
    record TeamState(
            String teamId,
            @Nullable BigDecimal monthlyBudgetUsd,
            @Nullable String budgetPeriod,
            BigDecimal spendUsd,
            boolean blocked,
            @Nullable Instant budgetResetAt,
            Map<String, String> metadata) {
        /** Copies the metadata. */
        public TeamState {
            metadata = Map.copyOf(metadata);
        }
    }

    /**
     * A key to register.
     *
     * @param secret the raw key, made by us: {@code sk-} and at least 22 random URL-safe characters
     * @param alias unique across the gateway
     * @param teamId the team it belongs to
     * @param metadata whose it is
     */
    record NewKey(SecretText secret, String alias, String teamId, Map<String, String> metadata) {
        /** Copies the metadata. */
        public NewKey {
            metadata = Map.copyOf(metadata);
        }
    }

    /**
     * A key as it is.
     *
     * @param keyHash the lower-case hex SHA-256 of the raw key
     * @param alias its alias, or null
     * @param teamId its team, or null
     * @param blocked whether it is blocked
     * @param ownBudgetUsd a ceiling of its own, which counts beside its team's; null for none
     * @param spendUsd what it spent since the last reset of its own budget, or ever
     * @param expiresAt when it stops working; null for never
     * @param metadata its text metadata
     */
    record KeyState(
            String keyHash,
            @Nullable String alias,
            @Nullable String teamId,
            boolean blocked,
            @Nullable BigDecimal ownBudgetUsd,
            BigDecimal spendUsd,
            @Nullable Instant expiresAt,
            Map<String, String> metadata) {
        /** Copies the metadata. */
        public KeyState {
            metadata = Map.copyOf(metadata);
        }
    }

    /**
     * What was spent on one model.
     *
     * @param model the model's name
     * @param costUsd what it cost
     * @param requests how many calls it were
     */
    record ModelUsage(String model, BigDecimal costUsd, long requests) {}

    /**
     * How the gateway is.
     *
     * @param reachable whether it answered
     * @param databaseConnected whether it said that its database is connected; without it, its answers about keys mean nothing
     * @param message one sentence for people
     */
    record GatewayHealth(boolean reachable, boolean databaseConnected, String message) {
        /**
         * Whether its answers can be believed.
         *
         * @return true when it is reachable and its database connected
         */
        public boolean isReady() {
            return reachable && databaseConnected;
        }
    }
}
