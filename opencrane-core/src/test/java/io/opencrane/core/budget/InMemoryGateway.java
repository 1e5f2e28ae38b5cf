package io.opencrane.core.budget;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.core.port.ModelGateway;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Just enough of a gateway for the lifecycle's own tests; the faithful one is the testkit's FakeLiteLlm. */
final class InMemoryGateway implements ModelGateway {
    final Map<String, Team> teams = new LinkedHashMap<>();
    final Map<String, KeyState> keys = new LinkedHashMap<>();
    int registrations;

    @Override
    public void ensureTeam(Team team) {
        teams.put(team.teamId(), team);
    }

    @Override
    public Optional<TeamState> findTeam(String teamId) {
        return Optional.ofNullable(teams.get(teamId))
                .map(team ->
                        new TeamState(teamId, team.monthlyBudgetUsd(), BigDecimal.ZERO, false, null, team.metadata()));
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
        keys.putIfAbsent(hash, new KeyState(hash, key.alias(), key.teamId(), false, key.metadata()));
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
