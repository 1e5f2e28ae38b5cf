package io.opencrane.k8s.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SurplusTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    nothing              | {'a':1,'b':{'c':[1]}}        | {'a':1,'b':{'c':[1]}}               | []                | {}
                    a field              | {'a':1}                      | {'a':1,'b':2}                       | [remove spec.b]   | {'b':null}
                    a field further down | {'s':{'a':[1]}}              | {'s':{'a':[1],'m':{'x':'y'}}}       | [remove spec.s.m] | {'s':{'m':null}}
                    into an empty object | {'s':{}}                     | {'s':{'m':{'x':'y'}}}               | [remove spec.s.m] | {'s':{'m':null}}
                    an element           | {'l':[{'a':1}]}              | {'l':[{'a':1},{}]}                  | [set spec.l]      | {}
                    an element changed   | {'l':[{'a':1}]}              | {'l':[{'a':1,'b':2}]}               | [set spec.l]      | {}
                    an empty object in it | {'l':[{'a':1}]}             | {'l':[{'a':1,'b':{}}]}              | [set spec.l]      | {}
                    an element less      | {'l':[1,2]}                  | {'l':[1]}                           | [set spec.l]      | {}
                    a list where none is | {}                           | {'l':[{}]}                          | [remove spec.l]   | {'l':null}
                    several              | {'s':{'a':1},'l':[1]}        | {'s':{'a':1,'b':1},'l':[2],'t':true} | [remove spec.s.b, set spec.l, remove spec.t] | {'s':{'b':null},'t':null}
                    an empty list        | {'a':1}                      | {'a':1,'l':[]}                      | []                | {'l':null}
                    """)
    void whatOthersAddedIsFoundAndTakenAway(String what, String desired, String live, String found, String patch)
            throws Exception {
        JsonNode wanted = object(desired);
        JsonNode there = object(live);

        List<String> changes = Surplus.of(wanted, there).stream()
                .map(change -> change.kind().name().toLowerCase(Locale.ROOT) + " " + change.path())
                .toList();

        assertThat(changes.toString()).as(what).isEqualTo(found);
        JsonNode removal = Surplus.removal(JSON, wanted, there);
        JsonNode nulls = JSON.readTree(patch.replace('\'', '"'));
        assertThat(removal.path("spec")).as(what).isEqualTo(nulls.isEmpty() ? MissingNode.getInstance() : nulls);
        assertThat(removal.at("/metadata/resourceVersion").asText()).isEqualTo("7");
    }

    /** As in a CiliumNetworkPolicy, which has {@code specs} beside its spec, and all of it counts. */
    @Test
    void whatStandsBesideTheSpecIsTakenAwayToo() throws Exception {
        JsonNode desired = JSON.readTree("{\"kind\":\"K\",\"metadata\":{},\"spec\":{\"a\":1}}");
        JsonNode live = JSON.readTree("{\"apiVersion\":\"v1\",\"kind\":\"K\",\"metadata\":{\"resourceVersion\":\"7\"},"
                + "\"spec\":{\"a\":1},\"specs\":[{\"a\":2}],\"status\":{\"any\":1}}");

        assertThat(Surplus.of(desired, live)).extracting(FieldChange::path).containsExactly("specs");
        assertThat(Surplus.removal(JSON, desired, live))
                .isEqualTo(JSON.readTree("{\"specs\":null,\"metadata\":{\"resourceVersion\":\"7\"}}"));
    }

    /** Metadata and status are everybody's. */
    private static JsonNode object(String spec) throws Exception {
        return JSON.readTree("{\"metadata\":{\"resourceVersion\":\"7\",\"labels\":{\"of\":\"others\"}},\"spec\":"
                + spec.replace('\'', '"') + ",\"status\":{\"any\":1}}");
    }
}
