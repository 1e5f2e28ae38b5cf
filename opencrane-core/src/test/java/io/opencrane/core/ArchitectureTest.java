package io.opencrane.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.opencrane.core");

    private static final String[] DECISIONS = {
        "io.opencrane.core.tenant..",
        "io.opencrane.core.clustertenant..",
        "io.opencrane.core.resource..",
        "io.opencrane.core.policy..",
        "io.opencrane.core.projection..",
        "io.opencrane.core.budget..",
        "io.opencrane.core.audit.."
    };

    @Test
    void decisionsDoNoIo() {
        noClasses()
                .that()
                .resideInAnyPackage(DECISIONS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.net..",
                        "java.sql..",
                        "javax.sql..",
                        "java.io..",
                        "java.nio.file..",
                        "java.nio.channels..")
                .check(CORE.that(com.tngtech.archunit.base.DescribedPredicate.describe(
                        "are no exceptions, which are java.io.Serializable",
                        type -> !type.isAssignableTo(Throwable.class))));
    }

    @Test
    void nobodyReadsAClockOfItsOwn() {
        noClasses()
                .that()
                .resideInAnyPackage(DECISIONS)
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(LocalDateTime.class, "now")
                .orShould()
                .callMethod(OffsetDateTime.class, "now")
                .orShould()
                .callMethod(ZonedDateTime.class, "now")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(InstantSource.class, "system")
                .check(CORE);
    }

    @Test
    void onlySettingsReadTheEnvironmentAndNobodyStartsThreadsOrEndsTheProcess() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.opencrane.core.settings..")
                .should()
                .callMethod(System.class, "getenv")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .check(CORE);
        // A provisioner may hang, so the host says where its calls run.
        noClasses()
                .that()
                .resideOutsideOfPackage("io.opencrane.core.provisioner..")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(java.util.concurrent.Executor.class)
                .check(CORE);
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Runtime.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(java.util.concurrent.ThreadFactory.class)
                .orShould()
                .callConstructor(Thread.class)
                .orShould()
                .callConstructor(Thread.class, Runnable.class)
                .orShould()
                .callMethod(Thread.class, "start")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .check(CORE);
    }

    @Test
    void portsKnowNoService() {
        noClasses()
                .that()
                .resideInAPackage("io.opencrane.core.port..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.opencrane.core.tenant..",
                        "io.opencrane.core.policy..",
                        "io.opencrane.core.projection..",
                        "io.opencrane.core.settings..")
                .check(CORE);
    }
}
