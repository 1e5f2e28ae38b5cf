package io.opencrane.core.port;

import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.SecretText;
import java.math.BigDecimal;
import java.time.Instant;
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
     * @param spendUsd what it spent since the last reset
     * @param blocked whether it is blocked
     * @param budgetResetAt when its spend resets; null when it never does
     * @param metadata its text metadata
     */
    record TeamState(
            String teamId,
            @Nullable BigDecimal monthlyBudgetUsd,
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
     * @param metadata its text metadata
     */
    record KeyState(
            String keyHash,
            @Nullable String alias,
            @Nullable String teamId,
            boolean blocked,
            Map<String, String> metadata) {
        /** Copies the metadata. */
        public KeyState {
            metadata = Map.copyOf(metadata);
        }
    }

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
