package io.opencrane.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectStore.Chunk;
import io.opencrane.k8s.object.ObjectType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Reading lists. */
abstract class ListCases extends ObjectCases {
    @Test
    void aListIsInByteOrderOfNamespaceAndName() {
        String dashed = namespace() + "-b";
        objects().create(Samples.namespace(dashed));
        for (String place : List.of(namespace(), dashed)) {
            for (String name : List.of("b", "a.c", "a-c", "a")) {
                objects().create(mine(place, name));
            }
        }
        // A dash sorts before a slash, and a slash is what follows a namespace.
        assertThat(names(objects()
                        .list(ObjectType.CONFIG_MAP, "", Filter.labelled(label()), 100, null)
                        .items()))
                .containsExactly(
                        dashed + "/a",
                        dashed + "/a-c",
                        dashed + "/a.c",
                        dashed + "/b",
                        namespace() + "/a",
                        namespace() + "/a-c",
                        namespace() + "/a.c",
                        namespace() + "/b");
    }

    @Test
    void aListIsReadInChunks() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.add(names(List.of(objects().create(Samples.tenant(namespace(), "t" + i))))
                    .get(0));
        }
        List<String> read = new ArrayList<>();
        int chunks = 0;
        @Nullable String next = null;
        do {
            Chunk chunk = objects().list(Samples.TENANT, namespace(), Filter.all(), 2, next);
            assertThat(chunk.items()).hasSizeLessThanOrEqualTo(2);
            read.addAll(names(chunk.items()));
            next = chunk.continueToken();
            chunks++;
        } while (next != null);
        assertThat(read).isEqualTo(made);
        assertThat(chunks).isEqualTo(3);
    }

    @Test
    void aListStaysOnOneVersionWhileItIsRead() {
        objects().create(Samples.tenant(namespace(), "a"));
        objects().create(Samples.tenant(namespace(), "c"));
        Chunk first = objects().list(Samples.TENANT, namespace(), Filter.all(), 1, null);
        objects().create(Samples.tenant(namespace(), "b"));
        Chunk second = objects().list(Samples.TENANT, namespace(), Filter.all(), 10, first.continueToken());
        assertThat(names(second.items())).containsExactly(namespace() + "/c");
    }

    @Test
    void aListIsFilteredByAllLabels() {
        objects()
                .create(Samples.labelled(
                        Samples.configMap(namespace(), "both", Map.of()), Map.of("team", "red", "tier", "a")));
        objects().create(Samples.labelled(Samples.configMap(namespace(), "one", Map.of()), Map.of("team", "red")));
        objects().create(Samples.configMap(namespace(), "none", Map.of()));
        assertThat(names(objects()
                        .list(ObjectType.CONFIG_MAP, namespace(), Filter.labelled(Map.of("team", "red")), 10, null)
                        .items()))
                .containsExactly(namespace() + "/both", namespace() + "/one");
        assertThat(names(objects()
                        .list(
                                ObjectType.CONFIG_MAP,
                                namespace(),
                                Filter.labelled(Map.of("team", "red", "tier", "a")),
                                10,
                                null)
                        .items()))
                .containsExactly(namespace() + "/both");
    }

    @Test
    void aListIsFilteredByNameAcrossNamespaces() {
        String other = namespace() + "-b";
        objects().create(Samples.namespace(other));
        for (String place : List.of(namespace(), other)) {
            objects().create(mine(place, namespace()));
            objects().create(Samples.tenant(place, namespace()));
            objects().create(Samples.tenant(place, "another"));
        }
        assertThat(names(objects()
                        .list(Samples.TENANT, "", Filter.named(namespace()), 10, null)
                        .items()))
                .containsExactly(other + "/" + namespace(), namespace() + "/" + namespace());
        assertThat(names(objects()
                        .list(ObjectType.CONFIG_MAP, other, new Filter(label(), namespace()), 10, null)
                        .items()))
                .containsExactly(other + "/" + namespace());
    }

    @Test
    void anItemIsTheWholeObject() {
        GenericKubernetesResource made = objects().create(mine(namespace(), "c"));
        assertThat(objects()
                        .list(ObjectType.CONFIG_MAP, namespace(), Filter.labelled(label()), 10, null)
                        .items())
                .containsExactly(made);
    }

    private Map<String, String> label() {
        return Map.of("test", namespace());
    }

    private GenericKubernetesResource mine(String place, String name) {
        return Samples.labelled(Samples.configMap(place, name, Map.of("a", "1")), label());
    }

    private static List<String> names(List<GenericKubernetesResource> items) {
        return items.stream()
                .map(item -> item.getMetadata().getNamespace() + "/"
                        + item.getMetadata().getName())
                .toList();
    }
}
