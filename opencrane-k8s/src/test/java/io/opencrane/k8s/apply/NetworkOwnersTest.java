package io.opencrane.k8s.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.k8s.apply.Ownership.Claim;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose the objects of policies and of the install are. */
class NetworkOwnersTest {
    private static final PolicyOwnership LAB = new PolicyOwnership(new AccessPolicyId("opencrane", "lab"), "uid-1");
    private static final InstallOwnership INSTALL = new InstallOwnership("opencrane");

    private static GenericKubernetesResource object(Map<String, String> labels, Map<String, String> annotations) {
        GenericKubernetesResource object = new GenericKubernetesResource();
        object.setMetadata(new ObjectMetaBuilder()
                .withLabels(labels)
                .withAnnotations(annotations)
                .build());
        return object;
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', emptyValue = "", textBlock = """
                    its own                              | lab   | opencrane-operator | opencrane | uid-1 | OURS
                    an earlier policy's of the same name | lab   | opencrane-operator | opencrane | uid-0 | OURS
                    its own without the uid              | lab   | opencrane-operator | opencrane |       | OURS
                    its own without managed-by           | lab   |                    | opencrane | uid-1 | OURS
                    its own without its label            |       | opencrane-operator | opencrane | uid-1 | OURS
                    an earlier one's without its label   |       | opencrane-operator | opencrane | uid-0 | FOREIGN
                    under another policy's label         | other | opencrane-operator | opencrane | uid-1 | OURS
                    another's under another's label       | other | opencrane-operator | opencrane | uid-2 | FOREIGN
                    of a policy in another namespace     | lab   | opencrane-operator | elsewhere | uid-1 | FOREIGN
                    the platform's                       | lab   | opencrane-operator |           |       | PLATFORM
                    the platform's for another           | other | opencrane-operator |           |       | FOREIGN
                    somebody's with our label            | lab   | helm               |           |       | FOREIGN
                    somebody's                           |       |                    |           |       | FOREIGN
                    """)
    void whoseAPolicysObjectIs(String what, String label, String managedBy, String namespace, String uid, Claim claim) {
        Map<String, String> labels = new LinkedHashMap<>();
        put(labels, PolicyOwnership.LABEL, label);
        put(labels, "app.kubernetes.io/managed-by", managedBy);
        Map<String, String> annotations = new LinkedHashMap<>();
        put(annotations, PolicyOwnership.NAMESPACE_ANNOTATION, namespace);
        put(annotations, PolicyOwnership.UID_ANNOTATION, uid);

        assertThat(LAB.of(object(labels, annotations))).as(what).isEqualTo(claim);
    }

    private static void put(Map<String, String> map, String key, String value) {
        if (value != null) {
            map.put(key, value);
        }
    }

    @Test
    void whatCarriesAnOwnersMarksIsItsOwn() {
        assertThat(LAB.of(object(LAB.labels(), LAB.annotations()))).isEqualTo(Claim.OURS);
        assertThat(INSTALL.of(object(INSTALL.labels(), INSTALL.annotations()))).isEqualTo(Claim.OURS);
    }

    @Test
    void anotherInstallsFenceIsForeignAndSoIsOneOfNobody() {
        InstallOwnership other = new InstallOwnership("opencrane-b");

        assertThat(INSTALL.of(object(other.labels(), other.annotations()))).isEqualTo(Claim.FOREIGN);
        assertThat(INSTALL.of(object(INSTALL.labels(), Map.of()))).isEqualTo(Claim.FOREIGN);
        assertThat(INSTALL.of(object(null, null))).isEqualTo(Claim.FOREIGN);
        assertThat(LAB.of(object(null, null))).isEqualTo(Claim.FOREIGN);
    }

    @Test
    void whatLostEveryMarkIsOursIfWeAppliedIt() {
        GenericKubernetesResource bare = object(Map.of(), Map.of());
        bare.getMetadata()
                .setManagedFields(List.of(new ManagedFieldsEntryBuilder()
                        .withManager(Applier.MANAGER)
                        .withOperation("Apply")
                        .build()));

        assertThat(INSTALL.of(bare)).isEqualTo(Claim.OURS);
        assertThat(LAB.of(bare)).isEqualTo(Claim.OURS);
        bare.getMetadata().setLabels(Map.of(PolicyOwnership.LABEL, "other"));
        assertThat(LAB.of(bare)).isEqualTo(Claim.FOREIGN);
    }

    @Test
    void ownersAreNamedForPeople() {
        assertThat(LAB.title()).isEqualTo("AccessPolicy opencrane/lab");
        assertThat(Ownership.ownerOf(object(LAB.labels(), LAB.annotations()))).isEqualTo(LAB.title());
        assertThat(INSTALL.title()).isEqualTo("The install in namespace opencrane");
        assertThat(Ownership.ownerOf(object(INSTALL.labels(), INSTALL.annotations())))
                .isEqualTo("the install in namespace opencrane");
    }
}
