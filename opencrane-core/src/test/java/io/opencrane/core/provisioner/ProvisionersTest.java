package io.opencrane.core.provisioner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.provisioner.ClusterTenantProvisioner;
import io.opencrane.api.provisioner.ProvisionerCapabilities;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProvisionersTest {
    private static Provisioners.Builder builder() {
        return Provisioners.calledOn(Runnable::run);
    }

    @Test
    void aTierNobodyProvidesIsRefusedAndTheBuiltInOnesNeverAre() {
        Provisioners none = Provisioners.none();

        assertThatCode(() -> none.requireAvailable(IsolationTier.SHARED)).doesNotThrowAnyException();
        assertThatCode(() -> none.requireAvailable(IsolationTier.DEDICATED_NODES))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> none.requireAvailable(IsolationTier.DEDICATED_CLUSTER))
                .isInstanceOfSatisfying(
                        OpenCraneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIER_UNAVAILABLE));
    }

    @Test
    void theOnlyOneForATierIsTaken() {
        Provisioners provisioners = builder().add(new Scripted("acme")).build();

        assertThat(provisioners.forTier(IsolationTier.DEDICATED_CLUSTER).id()).isEqualTo("acme");
        assertThat(provisioners.byId("acme")).isPresent();
        assertThat(provisioners.byId("nobody")).isEmpty();
    }

    @Test
    void twoForOneTierNeedAChoice() {
        assertThatThrownBy(() ->
                        builder().add(new Scripted("b")).add(new Scripted("a")).build())
                .hasMessageContaining("a, b")
                .hasMessageContaining("choose");

        Provisioners chosen = builder()
                .add(new Scripted("a"))
                .add(new Scripted("b"))
                .choose(IsolationTier.DEDICATED_CLUSTER, "b")
                .build();
        assertThat(chosen.forTier(IsolationTier.DEDICATED_CLUSTER).id()).isEqualTo("b");
        assertThat(chosen.byId("a"))
                .as("whoever made a customer stays reachable")
                .isPresent();
    }

    @Test
    void aChoiceOfNobodyIsRefused() {
        assertThatThrownBy(() -> builder()
                        .add(new Scripted("a"))
                        .choose(IsolationTier.DEDICATED_CLUSTER, "c")
                        .build())
                .hasMessageContaining("c, chosen for tier dedicatedCluster");
    }

    @Test
    void twoOfOneIdAreRefusedAndOneAddedTwiceIsOne() {
        Scripted one = new Scripted("a");
        assertThat(builder().add(one).add(one).build().byId("a")).isPresent();
        assertThatThrownBy(() -> builder().add(one).add(new Scripted("a"))).hasMessageContaining("have the id a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Acme",
                "-a",
                "a_b",
                "opencrane",
                "0123456789012345678901234567890123456789012345678901234567890123"
            })
    void anIdThatCannotBeRecordedIsRefused(String id) {
        assertThatThrownBy(() -> builder().add(new Scripted(id))).hasMessageContaining("The id of");
    }

    @Test
    void aBuiltInTierCannotBeProvidedFromOutside() {
        Scripted shared = new Scripted("a");
        shared.capabilities = new ProvisionerCapabilities(Set.of(IsolationTier.SHARED), true, Duration.ofHours(1));

        assertThatThrownBy(() -> builder().add(shared).build()).hasMessageContaining("shared is built in");
    }

    @Test
    void provisionersOfTheClassPathAreFound(@TempDir Path folder) throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(ClusterTenantProvisioner.class.getName()), Scripted.Found.class.getName());
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            assertThat(builder().discover(loader).build().byId("found")).isPresent();
        }
    }

    @Test
    void aTimeOutMustBePositive() {
        assertThatThrownBy(() -> builder().callTimeout(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ProvisionerCapabilities(Set.of(IsolationTier.SHARED), true, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ProvisionerCapabilities(Set.of(), true, Duration.ofHours(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
