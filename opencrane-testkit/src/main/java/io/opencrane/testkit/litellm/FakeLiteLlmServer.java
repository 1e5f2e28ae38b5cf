package io.opencrane.testkit.litellm;

import io.opencrane.api.resource.SecretText;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * {@link FakeLiteLlm} as a process, for tests in any language. It listens on the loopback interface, says where in one line of its output, and
 * runs until it is ended. It needs opencrane-testkit, opencrane-api and jackson-databind on the class path.
 *
 * <pre>{@code
 * PORT=4000 LITELLM_MASTER_KEY=sk-master java -cp ... io.opencrane.testkit.litellm.FakeLiteLlmServer
 * }</pre>
 *
 * <p>{@code PORT} is 4000 if unset, and 0 is any free port. {@code LITELLM_MASTER_KEY} has no default and begins with {@code sk-}. A wrong
 * value is told in one sentence and ends the process with code 2, a port that is taken with code 1.
 *
 * <p>What Java calls do, requests with the master key below {@code /_fake} do. They are neither counted nor hit by faults, in this process and
 * in every {@link FakeLiteLlm} alike:
 *
 * <pre>{@code
 * curl -H 'Authorization: Bearer sk-master' http://127.0.0.1:4000/_fake/faults \
 *      -d '{"route":"POST /key/generate","fault":"loseAnswer"}'
 * }</pre>
 *
 * <table>
 * <caption>Control routes</caption>
 * <tr><th>request</th><th>body</th><th>what it does</th></tr>
 * <tr><td>{@code GET /_fake}</td><td></td><td>tells the time, the database, the quirks and the requests so far</td></tr>
 * <tr><td>{@code POST /_fake/faults}</td><td>{@code {"route":"*","times":1,"fault":"status","number":503}}</td><td>plans a fault for the next
 * requests of a route, {@code *} if none is named; {@code fault} is a method of {@link LiteLlmFault} and {@code number} its argument, durations
 * in seconds</td></tr>
 * <tr><td>{@code POST /_fake/faults}</td><td>{@code {"after":4,"fault":"dropRequest"}}</td><td>plans a fault for the fifth request from
 * now</td></tr>
 * <tr><td>{@code DELETE /_fake/faults}</td><td></td><td>forgets the planned faults</td></tr>
 * <tr><td>{@code POST /_fake/release}</td><td></td><td>sends the answers that faults hold back</td></tr>
 * <tr><td>{@code POST /_fake/quirks}</td><td>{@code {"KEYS_ARE_CACHED":true}}</td><td>switches each {@link LiteLlmQuirk}</td></tr>
 * <tr><td>{@code POST /_fake/database}</td><td>{@code {"state":"LOST"}}</td><td>sets the {@link LiteLlmDatabase}</td></tr>
 * <tr><td>{@code POST /_fake/clock}</td><td>{@code {"advance_seconds":600}}</td><td>moves the clock on, for resets, expiries and spend that
 * waits</td></tr>
 * <tr><td>{@code POST /_fake/spend}</td><td>{@code {"key":"sk-...","model":"gpt-5","usd":1.5}}</td><td>books a call of a key, raw or hashed, at
 * once</td></tr>
 * <tr><td>{@code POST /_fake/spend}</td><td>{@code {"team_id":"t","usd":1.5}}</td><td>lets a team spend without a call</td></tr>
 * <tr><td>{@code POST /_fake/prices}</td><td>{@code {"gpt-5":0.25,"local":0}}</td><td>sets what a chat completion costs</td></tr>
 * <tr><td>{@code POST /_fake/flush-delay}</td><td>{@code {"seconds":60}}</td><td>sets how late the spend of chat completions shows</td></tr>
 * <tr><td>{@code POST /_fake/reset}</td><td></td><td>makes it as new: no teams, keys, spend, faults, quirks or requests, clock and database
 * right</td></tr>
 * </table>
 *
 * <p>A body that is wrong is answered with 400 or 422 and changes nothing.
 */
public final class FakeLiteLlmServer {
    private static final String PORT = "PORT";
    private static final String MASTER_KEY = "LITELLM_MASTER_KEY";

    private FakeLiteLlmServer() {}

    /**
     * Starts the process.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        try {
            System.out.println(
                    "The fake LiteLLM listens on " + open(System.getenv()).endpoint());
        } catch (IllegalArgumentException e) {
            end(e, 2);
        } catch (UncheckedIOException e) {
            end(e, 1);
        }
    }

    private static void end(RuntimeException why, int code) {
        System.err.println(why.getMessage());
        System.exit(code);
    }

    static FakeLiteLlm open(Map<String, String> environment) {
        String port = environment.getOrDefault(PORT, "4000");
        if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > 65535) {
            throw new IllegalArgumentException(PORT + " must be a number from 0 to 65535.");
        }
        String masterKey = environment.getOrDefault(MASTER_KEY, "");
        if (!masterKey.matches("sk-\\S+")) {
            throw new IllegalArgumentException(
                    "Set " + MASTER_KEY + " to a key that begins with sk- and has no spaces.");
        }
        return FakeLiteLlm.listen(SecretText.of(masterKey), Integer.parseInt(port));
    }
}
