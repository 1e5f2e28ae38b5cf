package io.opencrane.testkit.litellm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What {@link FakeLiteLlm} does for Java, for every other language, as {@link FakeLiteLlmServer} describes. A wrong body changes nothing. */
final class ControlRoutes {
    private final ProxyState state;
    private final Proxy proxy;

    ControlRoutes(ProxyState state, Proxy proxy) {
        this.state = state;
        this.proxy = proxy;
    }

    Map<String, Route> routes() {
        return Map.ofEntries(
                route("GET ", "", call -> show()),
                route("POST ", "/faults", this::plan),
                route("DELETE ", "/faults", call -> then(proxy::clearFaults)),
                route("POST ", "/release", call -> then(proxy::releaseAnswers)),
                route("POST ", "/quirks", this::quirks),
                route("POST ", "/database", this::database),
                route("POST ", "/clock", this::clock),
                route("POST ", "/spend", this::spend),
                route("POST ", "/prices", this::prices),
                route("POST ", "/flush-delay", this::flushDelay),
                route("POST ", "/reset", call -> then(proxy::reset)));
    }

    /** What cannot be done is told as a detail. */
    private static Map.Entry<String, Route> route(String method, String path, Route route) {
        return Map.entry(method + Routing.CONTROL + path, call -> {
            try {
                return route.handle(call);
            } catch (IllegalArgumentException | ArithmeticException e) {
                return Answer.detail(400, String.valueOf(e.getMessage()));
            }
        });
    }

    private static Answer then(Runnable act) {
        act.run();
        return Answer.ok(Rows.object());
    }

    private Answer show() {
        ObjectNode answer = Rows.object()
                .put("time", state.now().toString())
                .put("database", state.database.name())
                .put("flush_delay_seconds", state.book.flushDelay().toSeconds());
        ArrayNode quirks = answer.putArray("quirks");
        new TreeSet<>(state.quirks).forEach(quirk -> quirks.add(quirk.name()));
        ArrayNode requests = answer.putArray("requests");
        proxy.requests().forEach(requests::add);
        return Answer.ok(answer);
    }

    private Answer plan(Call call) {
        requireOnly(call, "fault", "number", "route", "times", "after");
        LiteLlmFault fault = LiteLlmFault.named(call.requiredText("fault"), whole(call, "number", 0));
        if (call.body().has("after")) {
            requireOnly(call, "fault", "number", "after");
            proxy.planAfter(whole(call, "after", null), fault);
        } else {
            String route = call.text("route");
            proxy.plan(route == null ? Faults.ANY_ROUTE : route, whole(call, "times", 1), fault);
        }
        return Answer.ok(Rows.object());
    }

    /** All names are read before the first one counts. */
    private Answer quirks(Call call) {
        call.body().properties().forEach(member -> {
            LiteLlmQuirk.valueOf(member.getKey());
            if (!member.getValue().isBoolean()) {
                throw new IllegalArgumentException(member.getKey() + " is true or false.");
            }
        });
        call.body().properties().forEach(member -> {
            LiteLlmQuirk quirk = LiteLlmQuirk.valueOf(member.getKey());
            if (member.getValue().booleanValue()) {
                state.quirks.add(quirk);
            } else {
                state.quirks.remove(quirk);
            }
        });
        return Answer.ok(Rows.object());
    }

    private Answer database(Call call) {
        requireOnly(call, "state");
        state.database = LiteLlmDatabase.valueOf(call.requiredText("state"));
        return Answer.ok(Rows.object());
    }

    private Answer clock(Call call) {
        requireOnly(call, "advance_seconds");
        state.advance(seconds(call, "advance_seconds"));
        state.settle();
        return Answer.ok(Rows.object().put("time", state.now().toString()));
    }

    private Answer spend(Call call) {
        BigDecimal usd = number("usd", call.body().path("usd"));
        if (call.body().has("team_id")) {
            requireOnly(call, "team_id", "usd");
            state.spend(call.requiredText("team_id"), usd);
        } else {
            requireOnly(call, "key", "model", "usd");
            state.bookNow(ProxyState.hashOf(call.requiredText("key")), call.requiredText("model"), usd);
        }
        return Answer.ok(Rows.object());
    }

    private Answer prices(Call call) {
        call.body().properties().forEach(price -> SpendBook.requirePositive(number(price.getKey(), price.getValue())));
        call.body()
                .properties()
                .forEach(price ->
                        state.book.price(price.getKey(), price.getValue().decimalValue()));
        return Answer.ok(Rows.object());
    }

    private Answer flushDelay(Call call) {
        requireOnly(call, "seconds");
        state.book.flushDelay(seconds(call, "seconds"));
        return Answer.ok(Rows.object());
    }

    /** A misspelt member would otherwise be a switch that does nothing. */
    private static void requireOnly(Call call, String... members) {
        List<String> known = Arrays.asList(members);
        call.body().fieldNames().forEachRemaining(member -> {
            if (!known.contains(member)) {
                throw new IllegalArgumentException(
                        "There is no " + member + " here, only " + String.join(", ", known) + ".");
            }
        });
    }

    private static Duration seconds(Call call, String member) {
        return Duration.ofMillis(
                number(member, call.body().path(member)).movePointRight(3).longValueExact());
    }

    private static BigDecimal number(String member, JsonNode value) {
        if (!value.isNumber()) {
            throw new IllegalArgumentException(member + " is a number.");
        }
        return value.decimalValue();
    }

    private static int whole(Call call, String member, @Nullable Integer otherwise) {
        JsonNode value = call.body().path(member);
        if (value.isMissingNode() && otherwise != null) {
            return otherwise;
        }
        if (!value.canConvertToInt() || !value.isIntegralNumber()) {
            throw new IllegalArgumentException(member + " is a whole number.");
        }
        return value.intValue();
    }
}
