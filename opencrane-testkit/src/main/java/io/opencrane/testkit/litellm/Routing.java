package io.opencrane.testkit.litellm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opencrane.testkit.litellm.Flights.Flight;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which route a request is for, and who may take it. Runs under the monitor of the {@link ProxyState}. */
final class Routing {
    /** Where tests talk to the fake itself. */
    static final String CONTROL = "/_fake";

    private static final Pattern OF_A_KEY = Pattern.compile("/key/([^/]+)/(regenerate|reset_spend)");
    private static final Pattern RAW_KEY = Pattern.compile("sk-[^/]*");

    private final Access access;
    private final Map<String, Route> guardThemselves = new HashMap<>();
    private final Map<String, Route> forAdministrators = new HashMap<>();

    Routing(ProxyState state, Access access) {
        this.access = access;
        guardThemselves.putAll(new HealthRoutes(state).routes());
        guardThemselves.putAll(new ModelRoutes(state, access).routes());
        guardThemselves.put("GET /key/info", new KeyInfoRoute(state, access)::info);
        forAdministrators.putAll(new KeyRoutes(state).routes());
        forAdministrators.putAll(new TeamRoutes(state).routes());
        forAdministrators.putAll(new TeamListRoutes(state).routes());
        forAdministrators.putAll(new SpendRoutes(state).routes());
        forAdministrators.putAll(new DailyActivityRoutes(state).routes());
    }

    static boolean isControl(Call call) {
        String path = call.route().substring(call.route().indexOf(' ') + 1);
        return path.equals(CONTROL) || path.startsWith(CONTROL + "/");
    }

    void addForAdministrators(Map<String, Route> routes) {
        forAdministrators.putAll(routes);
    }

    /** The names under which a request is counted and faults are planned: no raw key is part of one. */
    static Call call(
            String method,
            String path,
            Map<String, String> query,
            ObjectNode body,
            @Nullable String credential,
            Flight flight) {
        Matcher ofAKey = OF_A_KEY.matcher(path);
        boolean matches = ofAKey.matches();
        String name = matches
                ? "/key/{key}/" + ofAKey.group(2)
                : RAW_KEY.matcher(path).replaceAll("{key}");
        return new Call(method + " " + name, query, body, credential, matches ? ofAKey.group(1) : null, flight);
    }

    /** Without asking who calls; the route is one for administrators. */
    Answer handle(Call call) {
        try {
            return Objects.requireNonNull(forAdministrators.get(call.route()), call.route())
                    .handle(call);
        } catch (Answer.Refusal refusal) {
            return refusal.answer();
        }
    }

    Answer answer(Call call) {
        try {
            Route route = guardThemselves.get(call.route());
            if (route != null) {
                return route.handle(call);
            }
            route = forAdministrators.get(call.route());
            if (route == null) {
                return Answer.routeMissing();
            }
            access.requireAdministrator(call);
            return route.handle(call);
        } catch (Answer.Refusal refusal) {
            return refusal.answer();
        }
    }
}
