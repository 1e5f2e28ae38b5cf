package io.opencrane.testkit.litellm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.resource.SecretText;
import io.opencrane.core.port.ModelGateway;
import io.opencrane.core.port.ModelGateway.NewKey;
import io.opencrane.core.port.ModelGateway.Team;
import io.opencrane.core.port.ModelGateway.TeamState;
import java.math.BigDecimal;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the cases of {@link ModelGatewayTck} share: the gateway under test, and names of their own. */
abstract class GatewayUnderTest {
    private final String run = UUID.randomUUID().toString().substring(0, 8);

    /**
     * The gateway under test.
     *
     * @return one that works
     */
    protected abstract ModelGateway gateway();

    /**
     * Lets a team spend money, for the cases about spend; they are skipped unless this is overridden.
     *
     * @param teamId the team
     * @param usd how much
     * @return whether it was possible
     */
    protected boolean spend(String teamId, BigDecimal usd) {
        return false;
    }

    /**
     * Whether a key is let in, for the cases that can tell; others rely on what the gateway says.
     *
     * @param key the raw key
     * @return true, false, or null if it cannot be told
     */
    protected @Nullable Boolean isLive(SecretText key) {
        return null;
    }

    /**
     * Makes a key as another platform does: in no team, with a budget of 10 dollars a month of its own, an expiry, and the metadata
     * {@code tenant=acme}; for the cases about existing installs, which are skipped unless this is overridden.
     *
     * @param alias its alias
     * @return the raw key, or null if it is not possible
     */
    protected @Nullable SecretText foreignKey(String alias) {
        return null;
    }

    /**
     * Books a call of a model today, for the cases about usage; they are skipped unless this is overridden.
     *
     * @param key the raw key
     * @param model the model
     * @param usd what it cost
     * @return whether it was possible
     */
    protected boolean call(SecretText key, String model, BigDecimal usd) {
        return false;
    }

    final NewKey registered(String name, int revision) {
        gateway().ensureTeam(team(name, null));
        NewKey key = key(name, revision);
        gateway().registerKey(key);
        return key;
    }

    final NewKey key(String name, int revision) {
        return new NewKey(
                secret(), team(name) + "/" + revision, team(name), Map.of("revision", String.valueOf(revision)));
    }

    final Team team(String name, @Nullable String budget) {
        return new Team(
                team(name), "ACME " + name, budget == null ? null : new BigDecimal(budget), Map.of("tenant", "acme"));
    }

    final String team(String name) {
        return "oc-tck-" + run + "-" + name;
    }

    final TeamState found(String teamId) {
        return gateway().findTeam(teamId).orElseThrow();
    }

    static SecretText secret() {
        return SecretText.of("sk-" + UUID.randomUUID().toString().replace("-", ""));
    }

    static String hash(NewKey key) {
        return ProxyState.sha256(key.secret().reveal());
    }

    static void assertRefused(Runnable call, String path) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        ValidationException.class,
                        e -> assertThat(e.problems()).extracting(Problem::path).containsExactly(path));
    }

    static void assertFails(Runnable call, ErrorCode code) {
        assertThatThrownBy(call::run).isInstanceOfSatisfying(OpenCraneException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.isRetryable()).isFalse();
        });
    }
}
