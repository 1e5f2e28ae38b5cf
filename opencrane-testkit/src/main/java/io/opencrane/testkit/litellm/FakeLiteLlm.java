package io.opencrane.testkit.litellm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.opencrane.api.resource.SecretText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A LiteLLM proxy on a free port of the loopback interface, for tests: real HTTP, teams and keys in memory, LiteLLM's answers and LiteLLM's
 * wrong turns (litellm.md §9: F1–F6, F8–F16, F18, F20, F26–F29). It keeps no raw key. Thread-safe; {@link #close()} frees port and threads.
 */
public final class FakeLiteLlm implements AutoCloseable {
    private final ProxyState state;
    private final Proxy proxy;
    private final String pathPrefix;
    private final InetSocketAddress address;
    private @Nullable HttpServer server;
    private @Nullable ExecutorService executor;

    private FakeLiteLlm(SecretText masterKey, InstantSource clock, String pathPrefix) {
        this.state = new ProxyState(masterKey, clock);
        this.proxy = new Proxy(state, pathPrefix);
        this.pathPrefix = pathPrefix;
        this.address = open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /**
     * Starts a proxy with the system's clock.
     *
     * @param masterKey what administrators send
     * @return the running proxy
     */
    public static FakeLiteLlm start(SecretText masterKey) {
        return start(masterKey, InstantSource.system());
    }

    /**
     * Starts a proxy.
     *
     * @param masterKey what administrators send
     * @param clock decides when budgets reset, ten minutes after they are due, and when keys expire
     * @return the running proxy
     */
    public static FakeLiteLlm start(SecretText masterKey, InstantSource clock) {
        return start(masterKey, clock, "");
    }

    /**
     * Starts a proxy that serves below a path, as behind an ingress.
     *
     * @param masterKey what administrators send
     * @param clock decides when budgets reset, ten minutes after they are due, and when keys expire
     * @param pathPrefix for example {@code /llm}, or empty
     * @return the running proxy
     */
    public static FakeLiteLlm start(SecretText masterKey, InstantSource clock, String pathPrefix) {
        return new FakeLiteLlm(masterKey, clock, pathPrefix);
    }

    /**
     * Where it listens, the same after {@link #stop()} and {@link #start()}.
     *
     * @return for example {@code http://127.0.0.1:40123}
     */
    public URI endpoint() {
        return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort() + pathPrefix);
    }

    /** Refuses connections from now on. What it knows is kept. */
    public synchronized void stop() {
        proxy.releaseAnswers();
        if (server != null) {
            server.stop(0);
            server = null;
        }
        if (executor != null) {
            executor.shutdownNow();
            executor = null;
        }
    }

    /** Takes connections again, on the same port. Does nothing while it runs. */
    public synchronized void start() {
        if (server == null) {
            open(address);
        }
    }

    /** Stops for good. */
    @Override
    public void close() {
        stop();
    }

    /**
     * Lets the next matching request go wrong. Planned faults apply in order.
     *
     * @param route method and path, for example {@code POST /key/generate}, or {@code *}
     * @param fault what goes wrong
     */
    public void failNext(String route, LiteLlmFault fault) {
        failNext(route, 1, fault);
    }

    /**
     * Lets the next matching requests go wrong. Planned faults apply in order.
     *
     * @param route method and path, for example {@code POST /key/generate}, or {@code *}
     * @param times how many, 1 or more
     * @param fault what goes wrong
     * @throws IllegalArgumentException if less than 1
     */
    public void failNext(String route, int times, LiteLlmFault fault) {
        proxy.plan(route, times, fault);
    }

    /** Forgets the planned faults. */
    public void clearFaults() {
        proxy.clearFaults();
    }

    /** Sends the answers that {@link LiteLlmFault#withholdAnswer()} holds back so far. */
    public void releaseAnswers() {
        proxy.releaseAnswers();
    }

    /**
     * Behaves like another release.
     *
     * @param quirk where it differs
     */
    public void enable(LiteLlmQuirk quirk) {
        synchronized (state) {
            state.quirks.add(quirk);
        }
    }

    /**
     * Changes the state of the database. Its content is kept.
     *
     * @param database what becomes of it
     */
    public void database(LiteLlmDatabase database) {
        synchronized (state) {
            state.database = database;
        }
    }

    /**
     * Lets a team spend money, at once and without a call of a model.
     *
     * @param teamId the team
     * @param usd how much
     * @throws IllegalArgumentException if there is no such team
     */
    public void spend(String teamId, BigDecimal usd) {
        synchronized (state) {
            state.resetDueBudgets();
            ObjectNode row = state.teams.get(teamId);
            if (row == null) {
                throw new IllegalArgumentException("The fake LiteLLM has no team " + teamId + ".");
            }
            row.put("spend", Rows.spend(row).add(usd));
        }
    }

    /** Forgets every team and key. Planned faults stay. */
    public void clear() {
        synchronized (state) {
            state.teams.clear();
            state.keys.clear();
        }
    }

    /**
     * Whether a key would be let in now: known, neither blocked nor expired, its team there and not blocked, and the database connected.
     * Budgets are not asked: no key is refused for what was spent.
     *
     * @param key the raw key
     * @return true if it works
     */
    public boolean isLive(SecretText key) {
        synchronized (state) {
            return proxy.access().isLive(key.reveal());
        }
    }

    /**
     * The keys it has.
     *
     * @return in the order in which they came
     */
    public List<KeySnapshot> keys() {
        synchronized (state) {
            state.resetDueBudgets();
            return state.keys.values().stream().map(KeySnapshot::of).toList();
        }
    }

    /**
     * The teams it has.
     *
     * @return in the order in which they came
     */
    public List<TeamSnapshot> teams() {
        synchronized (state) {
            state.resetDueBudgets();
            return state.teams.values().stream().map(TeamSnapshot::of).toList();
        }
    }

    /**
     * The requests so far, those that went wrong included.
     *
     * @return method and path of each, without the query
     */
    public List<String> requests() {
        return proxy.requests();
    }

    /**
     * How many requests there were so far.
     *
     * @return the number
     */
    public int requestCount() {
        return proxy.requests().size();
    }

    private InetSocketAddress open(InetSocketAddress wanted) {
        try {
            HttpServer opened = HttpServer.create(wanted, 0);
            ExecutorService threads = Executors.newCachedThreadPool(task -> {
                Thread thread = new Thread(task, "fake-litellm");
                thread.setDaemon(true);
                return thread;
            });
            opened.setExecutor(threads);
            opened.createContext("/", proxy);
            opened.start();
            server = opened;
            executor = threads;
            return opened.getAddress();
        } catch (IOException e) {
            throw new UncheckedIOException("The fake LiteLLM cannot listen on " + wanted + ".", e);
        }
    }

    /**
     * A key as the proxy has it.
     *
     * @param hash the lower-case hex SHA-256 of the raw key
     * @param alias its alias or null
     * @param teamId its team or null
     * @param blocked whether it is blocked
     * @param spendUsd what it spent
     * @param metadata its text metadata
     */
    public record KeySnapshot(
            String hash,
            @Nullable String alias,
            @Nullable String teamId,
            boolean blocked,
            BigDecimal spendUsd,
            Map<String, String> metadata) {
        private static KeySnapshot of(ObjectNode row) {
            return new KeySnapshot(
                    row.path("token").asText(),
                    Rows.text(row.path("key_alias")),
                    Rows.text(row.path("team_id")),
                    row.path("blocked").asBoolean(),
                    Rows.spend(row),
                    Rows.metadata(row));
        }
    }

    /**
     * A team as the proxy has it.
     *
     * @param teamId its id
     * @param alias its name for people, or null
     * @param maxBudgetUsd its ceiling or null
     * @param budgetDuration the period of its budget, or null
     * @param budgetResetAt when its spend resets, or null
     * @param spendUsd what it spent
     * @param blocked whether it is blocked
     * @param metadata its text metadata
     */
    public record TeamSnapshot(
            String teamId,
            @Nullable String alias,
            @Nullable BigDecimal maxBudgetUsd,
            @Nullable String budgetDuration,
            @Nullable Instant budgetResetAt,
            BigDecimal spendUsd,
            boolean blocked,
            Map<String, String> metadata) {
        private static TeamSnapshot of(ObjectNode row) {
            return new TeamSnapshot(
                    row.path("team_id").asText(),
                    Rows.text(row.path("team_alias")),
                    Rows.decimal(row.path("max_budget")),
                    Rows.text(row.path("budget_duration")),
                    BudgetCalendar.read(row.path("budget_reset_at")),
                    Rows.spend(row),
                    row.path("blocked").asBoolean(),
                    Rows.metadata(row));
        }
    }
}
