package io.opencrane.k8s.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldDiffTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Apostrophes stand for quotes, back-ticks for quotes inside a text. */
    private static JsonNode json(String text) throws Exception {
        return JSON.readTree(text.replace('\'', '"').replace("`", "\\\""));
    }

    private static String diff(String desired, String live, String owned) throws Exception {
        return FieldDiff.between(JSON, json(desired), json(live), json(owned), Map.of())
                .toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // equal and owned
                "{'a':1} | {'a':1} | {'f:a':{}} | []",
                // differs
                "{'a':1} | {'a':2} | {'f:a':{}} | [set a]",
                // equal but not ours: one apply makes it ours
                "{'a':1} | {'a':1} | {} | [set a]",
                // ours and no longer wanted
                "{} | {'a':1} | {'f:a':{}} | [remove a]",
                // somebody else's field is left alone
                "{} | {'b':1} | {} | []",
                // nested
                "{'a':{'b':1}} | {'a':{'b':1,'c':2}} | {'f:a':{'f:b':{}}} | []",
                "{'a':{'b':1}} | {'a':{}} | {'f:a':{'f:b':{}}} | [set a.b]",
                // identity is never owned
                "{'kind':'X','metadata':{'name':'n'}} | {'kind':'X','metadata':{'name':'n'}} | {} | []",
                // keyed list
                "{'l':[{'name':'x','v':1}]} | {'l':[{'name':'y'},{'name':'x','v':1}]} | {'f:l':{'k:{`name`:`x`}':{'.':{},'f:name':{},'f:v':{}}}} | []",
                "{'l':[{'name':'x','v':1}]} | {'l':[{'name':'x','v':2}]} | {'f:l':{'k:{`name`:`x`}':{'.':{},'f:name':{},'f:v':{}}}} | [set l[name=x].v]",
                "{'l':[]} | {'l':[{'name':'x'}]} | {'f:l':{'k:{`name`:`x`}':{'.':{},'f:name':{}}}} | [remove l[name=x]]",
                "{'l':[{'name':'x'},{'name':'z'}]} | {'l':[{'name':'x'}]} | {'f:l':{'k:{`name`:`x`}':{'.':{},'f:name':{}}}} | [set l[name=z]]",
                // set
                "{'s':['a']} | {'s':['b','a']} | {'f:s':{'v:`a`':{}}} | []",
                "{'s':['a']} | {'s':['b']} | {'f:s':{'v:`a`':{}}} | [set s[a]]",
                // atomic list
                "{'l':[1,2]} | {'l':[1,2]} | {'f:l':{}} | []",
                "{'l':[1,2]} | {'l':[2,1]} | {'f:l':{}} | [set l]"
            })
    void saysWhatAnApplyWouldChange(String desired, String live, String owned, String expected) throws Exception {
        assertThat(diff(desired, live, owned)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        ".resources.requests.cpu, '\"1000m\"', '\"1\"', true",
        ".resources.requests.cpu, '\"1000m\"', '\"2\"', false",
        ".metadata.labels.version, '\"1.0\"', '\"1\"', false",
        ".ports.targetPort, 80, '\"80\"', true",
        ".x, 80, '\"80\"', false",
        ".x, 1, 1.0, true",
        ".x, 0, '\"\"', true",
        ".x, false, '{}', true",
        ".x, '[]', 'null', true",
        ".x, true, false, false",
        ".emptyDir.sizeLimit, '\"10Mi\"', '\"10485760\"', true"
    })
    void comparesByMeaning(String path, String desired, String live, boolean same) throws Exception {
        assertThat(SameMeaning.of(path, JSON.readTree(desired), JSON.readTree(live)))
                .isEqualTo(same);
    }

    @Test
    void valuesNeverShowInAChange() throws Exception {
        assertThat(diff("{'data':{'key':'topsecret'}}", "{'data':{'key':'other'}}", "{'f:data':{'f:key':{}}}"))
                .isEqualTo("[set data.key]");
    }
}
