package org.jadi.arch;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom; docs: ARCHITECTURE, modules and arrows. What is not listed is forbidden. */
@AnalyzeClasses(packages = "org.jadi", importOptions = ImportOption.DoNotIncludeTests.class)
class ArrowsTest {
    private static final String[] BOOTSTRAP = {"java..", "org.jadi.bootstrap.."};
    private static final String[] SPI = {"java..", "org.jadi.adi.device", "org.jadi.adi.config", "org.jadi.adi.stats",
        "org.jadi.adi.memory.."};

    @ArchTest
    static final ArchRule bootstrapKnowsNobody = onlyKnows("org.jadi.bootstrap..", BOOTSTRAP);

    @ArchTest
    static final ArchRule adiKnowsBootstrap = onlyKnows("org.jadi.adi..", "java..", "org.jadi.bootstrap..", "org.jadi.adi..",
            "org.agrona..");

    @ArchTest
    static final ArchRule deviceSpiKnowsNoEngine = onlyKnows("org.jadi.adi.device..", SPI);

    @ArchTest
    static final ArchRule selfKnowsTheSpi = onlyKnows("org.jadi.device.self..", with(SPI, "org.jadi.bootstrap.crypto", "org.jadi.device.self.."));

    /** The launcher and this device make and sweep the same folders; docs: ADR 0007. */
    @ArchTest
    static final ArchRule shmKnowsTheSpi = onlyKnows("org.jadi.device.shm..",
            with(SPI, "org.jadi.bootstrap.crypto", "org.jadi.device.shm..", "org.jadi.bootstrap.folder"));

    @ArchTest
    static final ArchRule foldersKnowNobody = onlyKnows("org.jadi.bootstrap.folder", "java..", "org.jadi.bootstrap.folder");

    @ArchTest
    static final ArchRule tcpKnowsTheSpi = onlyKnows("org.jadi.device.tcp..",
            with(SPI, "org.jadi.bootstrap.crypto", "org.jadi.device.tcp..", "javax.net.ssl.."));

    @ArchTest
    static final ArchRule ucxKnowsTheSpi = onlyKnows("org.jadi.device.ucx..",
            with(SPI, "org.jadi.bootstrap.crypto", "org.jadi.device.ucx..", "org.openucx.."));

    @ArchTest
    static final ArchRule jucxIsCalledInTheBinding = noClasses().that().resideOutsideOfPackage("org.jadi.device.ucx.binding..")
            .should().dependOnClassesThat().resideInAnyPackage("org.openucx..");

    @ArchTest
    static final ArchRule matchingKnowsNoDevices = noClasses().that().resideInAPackage("org.jadi.adi.match..").should()
            .dependOnClassesThat().resideInAnyPackage("org.jadi.adi.device..", "org.jadi.adi.engine..", "org.jadi.adi.progress..");

    /** Scopes work without MPI: what they do for it stands in one package. */
    @ArchTest
    static final ArchRule scopesKnowMpiInOnePackage = classes().that().resideInAPackage("org.jadi.scopes..").and()
            .resideOutsideOfPackage("org.jadi.scopes.mpi..").should().onlyDependOnClassesThat(
                    resideInAnyPackage("java..", "org.jadi.scopes.."));

    @ArchTest
    static final ArchRule scopesForMpi = onlyKnows("org.jadi.scopes.mpi..", "java..", "org.jadi.scopes..", "org.jadi.mpi..",
            "org.jadi.adi.config", "org.jadi.adi.placement", "org.jadi.adi.stats");

    @ArchTest
    static final ArchRule apiKnowsNoDeviceModule = noClasses().that().resideInAPackage("org.jadi.mpi..").should()
            .dependOnClassesThat().resideInAnyPackage("org.jadi.device..", "org.jadi.launcher..", "org.jadi.scopes..");

    @ArchTest
    static final ArchRule launcherKnowsBootstrap = noClasses().that().resideInAPackage("org.jadi.launcher..").should()
            .dependOnClassesThat().resideInAnyPackage("org.jadi.adi..", "org.jadi.mpi..", "org.jadi.device..");

    @ArchTest
    static final ArchRule testkitKnowsAdi = noClasses().that().resideInAPackage("org.jadi.testkit..").should()
            .dependOnClassesThat().resideInAnyPackage("org.jadi.mpi..", "org.jadi.device..", "org.jadi.launcher..");

    @ArchTest
    static final ArchRule productionKnowsNoTests = noClasses().that()
            .resideOutsideOfPackages("org.jadi.testkit..", "org.jadi.junit..").should().dependOnClassesThat()
            .resideInAnyPackage("org.junit..", "org.jadi.testkit..", "org.jadi.junit..", "com.tngtech..");

    @ArchTest
    static final ArchRule nativeCallsLiveInBindings = noClasses().that().resideOutsideOfPackages("..binding..").should()
            .dependOnClassesThat().haveFullyQualifiedName("java.lang.foreign.Linker");

    @ArchTest
    static final ArchRule nobodyUsesUnsafe = noClasses().should().dependOnClassesThat().haveFullyQualifiedName(
            "sun.misc.Unsafe").allowEmptyShould(true);

    private static ArchRule onlyKnows(String who, String... whom) {
        return classes().that().resideInAPackage(who).should().onlyDependOnClassesThat(resideInAnyPackage(whom));
    }

    private static String[] with(String[] some, String... more) {
        String[] all = java.util.Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }
}
