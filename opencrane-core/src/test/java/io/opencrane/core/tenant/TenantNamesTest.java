package io.opencrane.core.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.tenant.TenantId;
import org.junit.jupiter.api.Test;

class TenantNamesTest {
    @Test
    void childrenAreNamedAsTheContractSays() {
        TenantNames names = TenantNames.of(new TenantId("opencrane", "acme"));

        assertThat(names.workload()).isEqualTo("openclaw-acme");
        assertThat(names.encryptionKeySecret()).isEqualTo("openclaw-acme-encryption-key");
        assertThat(names.modelKeySecret()).isEqualTo("openclaw-acme-litellm-key");
        assertThat(names.openAiKeySecret()).isEqualTo("openclaw-acme-openai-key");
        assertThat(names.configMap()).isEqualTo("openclaw-acme-config");
        assertThat(names.stateVolume()).isEqualTo("openclaw-acme-state");
        assertThat(names.host("ai.example.com")).isEqualTo("acme.ai.example.com");
        assertThat(names.bucket("oc")).isEqualTo("oc-acme");
    }

    @Test
    void theLongestNamesFit() {
        assertThat(new TenantNames("a".repeat(TenantNames.MAX_LENGTH)).workload())
                .hasSize(63);
        assertThat(new TenantNames("a".repeat(TenantNames.MAX_LENGTH_GCP)).workload())
                .hasSize(30);
    }

    @Test
    void aTeamIsNamedByInstanceNamespaceAndName() {
        String team = TenantNames.teamId("eu-1", new TenantId("opencrane", "acme"));

        assertThat(team).isEqualTo("oc-eu-1-opencrane-acme");
        assertThat(TenantNames.keyAlias(team, 7)).isEqualTo("oc-eu-1-opencrane-acme/7");
    }

    @Test
    void aLongTeamIdEndsInAHashOfTheWhole() {
        String one = TenantNames.teamId("i".repeat(300), new TenantId("ns", "a"));
        String other = TenantNames.teamId("i".repeat(300), new TenantId("ns", "b"));

        assertThat(one).hasSize(255).isNotEqualTo(other).matches("oc-i+-[0-9a-f]{16}");
        assertThat(TenantNames.teamId("i".repeat(300), new TenantId("ns", "a"))).isEqualTo(one);
    }
}
