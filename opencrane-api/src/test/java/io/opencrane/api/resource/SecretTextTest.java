package io.opencrane.api.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SecretTextTest {
    record Holder(String name, SecretText key) {}

    record Hidden(Object any, List<SecretText> list, Map<String, SecretText> map, SecretText[] array) {}

    static Stream<ObjectMapper> mappers() {
        return Stream.of(
                new ObjectMapper(),
                new ObjectMapper().disable(SerializationFeature.FAIL_ON_EMPTY_BEANS),
                new ObjectMapper().setVisibility(PropertyAccessor.FIELD, Visibility.ANY),
                new ObjectMapper()
                        .setVisibility(PropertyAccessor.ALL, Visibility.NONE)
                        .setVisibility(PropertyAccessor.FIELD, Visibility.ANY));
    }

    @Test
    void theCredentialShowsNowhereButInReveal() {
        SecretText secret = SecretText.of("sk-hunter2");
        Holder holder = new Holder("acme", secret);
        assertThat(secret).hasToString("***");
        assertThat(holder.toString()).doesNotContain("hunter2");
        assertThat(secret.reveal()).isEqualTo("sk-hunter2");
    }

    @ParameterizedTest
    @MethodSource("mappers")
    void jsonLeavesOutAPropertyAndMasksWhatStandsElsewhere(ObjectMapper mapper) throws Exception {
        SecretText secret = SecretText.of("sk-hunter2");
        Hidden hidden = new Hidden(secret, List.of(secret), Map.of("key", secret), new SecretText[] {secret});

        assertThat(mapper.writeValueAsString(new Holder("acme", secret))).isEqualTo("{\"name\":\"acme\"}");
        assertThat(mapper.writeValueAsString(secret)).isEqualTo("\"***\"");
        assertThat(mapper.writeValueAsString(hidden))
                .isEqualTo("{\"any\":\"***\",\"list\":[\"***\"],\"map\":{\"key\":\"***\"},\"array\":[\"***\"]}");
        assertThat(mapper.writeValueAsString(Map.of(secret, 1))).isEqualTo("{\"***\":1}");
    }

    @Test
    void equalCredentialsAreEqual() {
        assertThat(SecretText.of("a"))
                .isEqualTo(SecretText.of("a"))
                .hasSameHashCodeAs(SecretText.of("a"))
                .isNotEqualTo(SecretText.of("b"))
                .isNotEqualTo(SecretText.of("ab"));
    }

    @Test
    void anEmptyCredentialIsRefused() {
        assertThatThrownBy(() -> SecretText.of("")).isInstanceOf(IllegalArgumentException.class);
    }
}
