package io.opencrane.core.budget;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.SecretText;
import io.opencrane.core.port.KeyJournal;
import io.opencrane.core.port.ModelGateway;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Just enough of a gateway for the lifecycle's own tests; the faithful one is the testkit's FakeLiteLlm. */
final class InMemoryGateway implements ModelGateway {
    final Map<String, Team> teams = new LinkedHashMap<>();
    final Map<String, KeyState> keys = new LinkedHashMap<>();
    final Map<String, BigDecimal> spent = new LinkedHashMap<>();
    final Map<String, List<ModelUsage>> usage = new LinkedHashMap<>();
    final Set<String> blocked = new HashSet<>();
    Instant resetAt;
    int registrations;

    @Override
    public void ensureTeam(Team team) {
        teams.put(team.teamId(), team);
    }

    @Override
    public Optional<TeamState> findTeam(String teamId) {
        return Optional.ofNullable(teams.get(teamId)).map(this::state);
    }

    private TeamState state(Team team) {
        return new TeamState(
                team.teamId(),
                team.monthlyBudgetUsd(),
                "1mo",
                spent.getOrDefault(team.teamId(), BigDecimal.ZERO),
                blocked.contains(team.teamId()),
                resetAt,
                team.metadata());
    }

    @Override
    public List<TeamState> teams(Map<String, String> metadata) {
        return teams.values().stream()
                .filter(team -> team.metadata().entrySet().containsAll(metadata.entrySet()))
                .map(this::state)
                .toList();
    }

    @Override
    public void blockTeam(String teamId, boolean block) {
        if (!teams.containsKey(teamId)) {
            throw new OpenCraneException(ErrorCode.NOT_FOUND, teamId, "There is no such team.");
        }
        if (block) {
            blocked.add(teamId);
        } else {
            blocked.remove(teamId);
        }
    }

    @Override
    public void deleteTeam(String teamId) {
        teams.remove(teamId);
        keys.values().removeIf(key -> teamId.equals(key.teamId()));
    }

    @Override
    public List<ModelUsage> usage(String teamId, LocalDate from, LocalDate to) {
        return usage.getOrDefault(teamId, List.of());
    }

    @Override
    public String spendSource() {
        return "memory";
    }

    @Override
    public List<KeyState> keys(Map<String, String> metadata) {
        return keys.values().stream()
                .filter(key -> key.metadata().entrySet().containsAll(metadata.entrySet()))
                .toList();
    }

    @Override
    public void placeKey(String keyHash, String teamId, Map<String, String> metadata) {
        KeyState key = keys.get(keyHash);
        if (key == null || !teams.containsKey(teamId)) {
            throw new OpenCraneException(ErrorCode.NOT_FOUND, keyHash.substring(0, 8), "There is no such key or team.");
        }
        if (key.teamId() != null && !teamId.equals(key.teamId())) {
            throw new OpenCraneException(ErrorCode.CONFLICT, keyHash.substring(0, 8), "It is in another team.");
        }
        Map<String, String> merged = new LinkedHashMap<>(key.metadata());
        merged.putAll(metadata);
        keys.put(
                keyHash, new KeyState(keyHash, key.alias(), teamId, key.blocked(), null, key.spendUsd(), null, merged));
    }

    @Override
    public boolean accepts(SecretText key) {
        KeyState known = keys.get(KeyJournal.hash(key));
        return known != null && !known.blocked() && !blocked.contains(String.valueOf(known.teamId()));
    }

    @Override
    public void registerKey(NewKey key) {
        if (!teams.containsKey(key.teamId())) {
            throw new AssertionError("a key was registered in a team that does not exist");
        }
        String hash = KeyJournal.hash(key.secret());
        boolean aliasTaken = keys.values().stream()
                .anyMatch(other -> key.alias().equals(other.alias()) && !hash.equals(other.keyHash()));
        if (aliasTaken) {
            throw new OpenCraneException(ErrorCode.NAME_TAKEN, key.alias(), "Another key has this alias.");
        }
        registrations++;
        keys.putIfAbsent(
                hash,
                new KeyState(hash, key.alias(), key.teamId(), false, null, BigDecimal.ZERO, null, key.metadata()));
    }

    @Override
    public Optional<KeyState> findKey(String keyHash) {
        return Optional.ofNullable(keys.get(keyHash));
    }

    @Override
    public List<KeyState> keysOf(String teamId) {
        return keys.values().stream().filter(key -> teamId.equals(key.teamId())).toList();
    }

    @Override
    public void deleteKey(String keyHash) {
        keys.remove(keyHash);
    }

    @Override
    public GatewayHealth health() {
        return new GatewayHealth(true, true, "in memory");
    }
}
