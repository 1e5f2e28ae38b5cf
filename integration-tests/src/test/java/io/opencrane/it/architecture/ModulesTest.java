package io.opencrane.it.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.opencrane.api.error.OpenCraneException;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows between modules (DESIGN §1) and what libraries never do (invariant 11), in the compiled classes. */
class ModulesTest {
    private static final List<String> MODULES =
            List.of("api", "core", "k8s", "postgres", "litellm", "webhook", "testkit");
    private static final JavaClasses ALL = new ClassFileImporter()
            .importPaths(MODULES.stream().map(ModulesTest::classesOf).toList());

    private static Path classesOf(String module) {
        return Path.of("..", "opencrane-" + module, "target", "classes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"k8s", "postgres", "litellm", "webhook"})
    void adaptersNeverKnowOneAnother(String adapter) {
        String[] others = Stream.of("k8s", "postgres", "litellm", "webhook", "testkit")
                .filter(other -> !other.equals(adapter))
                .map(other -> "io.opencrane." + other + "..")
                .toArray(String[]::new);

        noClasses()
                .that()
                .resideInAPackage("io.opencrane." + adapter + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .check(ALL);
    }

    @Test
    void theApiKnowsNothingButJavaJacksonsAnnotationsAndJSpecify() {
        classes()
                .that()
                .resideInAPackage("io.opencrane.api..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.opencrane.api..",
                        "java..",
                        "com.fasterxml.jackson.annotation..",
                        "org.jspecify.annotations..")
                .check(ALL);
    }

    @Test
    void theCoreKnowsNoIoLibrary() {
        classes()
                .that()
                .resideInAPackage("io.opencrane.core..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.opencrane.api..",
                        "io.opencrane.core..",
                        "java..",
                        "org.slf4j..",
                        "org.jspecify.annotations..")
                .check(ALL);
    }

    @Test
    void theBlueprintIsPure() {
        noClasses()
                .that()
                .resideInAPackage("io.opencrane.k8s.blueprint..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        ".*(KubernetesClient|ObjectStore|ResourceStore|InstantSource|Clock|Random|SecureRandom)")
                .check(ALL);
    }

    @Test
    void librariesNeverEndTheProcessOrPrint() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.opencrane.testkit.controlplane..")
                .and()
                .doNotHaveSimpleName("FakeLiteLlmServer") // a process, whose main is started by nobody else
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "addShutdownHook", Thread.class)
                .orShould()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(ALL);
    }

    @Test
    void publicExceptionsAreOurs() {
        classes()
                .that()
                .areAssignableTo(Throwable.class)
                .and()
                .arePublic()
                .and()
                .doNotHaveSimpleName("SimulatedCrash")
                .should()
                .beAssignableTo(OpenCraneException.class)
                .check(ALL);
    }

    @Test
    void packagesOfTheApiHaveNoCycles() {
        slices().matching("io.opencrane.api.(*)..").should().beFreeOfCycles().check(ALL);
    }

    @Test
    void everyPackageLivesInOneModule() throws IOException {
        Map<String, String> owners = new HashMap<>();
        for (String module : MODULES) {
            for (String name : packagesOf(module)) {
                assertThat(owners.put(name, module)).as("owner of %s", name).isNull();
            }
        }
        assertThat(owners).hasSizeGreaterThan(20);
    }

    @Test
    void theApiIsARealModuleThatExportsAllOfItsPackages() throws IOException {
        ModuleDescriptor api = ModuleFinder.of(classesOf("api"))
                .find("io.opencrane.api")
                .orElseThrow()
                .descriptor();

        assertThat(api.isAutomatic()).isFalse();
        assertThat(api.exports().stream().map(ModuleDescriptor.Exports::source).collect(Collectors.toSet()))
                .isEqualTo(packagesOf("api"));
    }

    private static Set<String> packagesOf(String module) throws IOException {
        Path root = classesOf(module);
        Set<String> packages = new HashSet<>();
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(file -> file.toString().endsWith(".class")
                            && !file.getParent().equals(root))
                    .forEach(file -> packages.add(
                            root.relativize(file.getParent()).toString().replace('/', '.')));
        }
        return packages;
    }
}
