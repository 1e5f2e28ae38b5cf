package io.opencrane.k8s.informer;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectType;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WrittenTest {
    private static final ObjectRef REF = ObjectType.CONFIG_MAP.named("opencrane", "c");

    private final AtomicLong nanos = new AtomicLong();
    private final Written written = new Written(nanos::get);

    private static GenericKubernetesResource version(String resourceVersion) {
        GenericKubernetesResource object = new GenericKubernetesResource();
        object.setMetadata(
                new ObjectMetaBuilder().withResourceVersion(resourceVersion).build());
        return object;
    }

    private Optional<String> seen(String cached) {
        return written.newest(REF, Optional.ofNullable(cached).map(WrittenTest::version))
                .map(object -> object.getMetadata().getResourceVersion());
    }

    @Test
    void whatWasWrittenCountsUntilTheInformerHasCaughtUp() {
        assertThat(seen("9")).contains("9");
        written.put(REF, version("10"));
        assertThat(seen(null)).contains("10");
        assertThat(seen("9")).as("numbers, not texts").contains("10");
        assertThat(seen("10")).contains("10");
        assertThat(seen(null)).as("forgotten once caught up").isEmpty();
    }

    @Test
    void anOlderWriteNeverReplacesWhatTheInformerHas() {
        written.put(REF, version("10"));
        assertThat(seen("11")).contains("11");
    }

    @Test
    void ofTwoWritesTheNewerCountsInWhateverOrderTheyAreTold() {
        written.put(REF, version("10"));
        written.put(REF, version("9"));
        assertThat(seen("8")).contains("10");
        written.put(REF, version("11"));
        assertThat(seen("8")).contains("11");
    }

    @Test
    void aDeletionAfterTheWriteForgetsItAndOneBeforeItDoesNot() {
        written.put(REF, version("10"));
        written.deleted(REF, version("8"));
        assertThat(seen(null)).contains("10");
        written.deleted(REF, version("12"));
        assertThat(seen(null)).isEmpty();
    }

    @Test
    void whatNobodyAsksForAgainIsForgottenToo() {
        written.put(REF, version("10"));
        nanos.addAndGet(Duration.ofSeconds(31).toNanos());
        written.put(ObjectType.CONFIG_MAP.named("opencrane", "other"), version("11"));
        assertThat(written.size()).isEqualTo(1);
    }

    @Test
    void aWriteIsNotBelievedForEver() {
        written.put(REF, version("10"));
        nanos.addAndGet(Duration.ofSeconds(31).toNanos());
        assertThat(seen(null)).isEmpty();
    }
}
