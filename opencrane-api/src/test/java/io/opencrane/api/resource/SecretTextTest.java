package io.opencrane.api.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import org.junit.jupiter.api.Test;

class SecretTextTest {
    record Holder(String name, SecretText key) {}

    @Test
    void theCredentialShowsNowhereButInReveal() throws Exception {
        SecretText secret = SecretText.of("sk-hunter2");
        Holder holder = new Holder("acme", secret);
        ObjectMapper mapper = new ObjectMapper().disable(SerializationFeature.FAIL_ON_EMPTY_BEANS);
        assertThat(secret).hasToString("***");
        assertThat(holder.toString()).doesNotContain("hunter2");
        assertThat(mapper.writeValueAsString(holder)).isEqualTo("{\"name\":\"acme\"}");
        assertThat(mapper.writeValueAsString(secret)).doesNotContain("hunter2");
        assertThat(secret.reveal()).isEqualTo("sk-hunter2");
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
