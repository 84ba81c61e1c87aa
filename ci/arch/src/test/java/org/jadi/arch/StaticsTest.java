package org.jadi.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Collection;
import java.util.Map;

/** An engine is an object, and several live in one JVM: no state hangs on a class below the public entry point. */
@AnalyzeClasses(packages = "org.jadi", importOptions = ImportOption.DoNotIncludeTests.class)
class StaticsTest {
    private static final DescribedPredicate<JavaClass> MUTABLE = new DescribedPredicate<>("mutable by their type") {
        @Override
        public boolean test(JavaClass type) {
            boolean container = type.isAssignableTo(Collection.class) || type.isAssignableTo(Map.class);
            boolean immutableByConvention = type.isEquivalentTo(Collection.class) || type.isEquivalentTo(Map.class)
                    || type.isEquivalentTo(java.util.List.class) || type.isEquivalentTo(java.util.Set.class);
            return container && !immutableByConvention || type.getPackageName().equals("java.util.concurrent.atomic")
                    || type.getPackageName().equals("java.util.concurrent.locks") || type.isAssignableTo(ThreadLocal.class)
                    || type.isAssignableTo(Thread.class) || type.isAssignableTo(java.util.concurrent.Executor.class);
        }
    };

    /** {@code Mpi} is the entry: it may know which instance a plain main program has opened. */
    @ArchTest
    static final ArchRule staticFieldsAreFinal = fields().that().areStatic().and().areDeclaredInClassesThat()
            .doNotHaveFullyQualifiedName("org.jadi.mpi.Mpi").and().areDeclaredInClassesThat().areNotEnums().should().beFinal();

    @ArchTest
    static final ArchRule staticFieldsHoldNoState = fields().that().areStatic().and()
            .doNotHaveModifier(JavaModifier.SYNTHETIC).and().areDeclaredInClassesThat()
            .doNotHaveFullyQualifiedName("org.jadi.mpi.Mpi").should().notHaveRawType(MUTABLE);
}
