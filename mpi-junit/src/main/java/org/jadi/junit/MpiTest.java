package org.jadi.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that every rank of a job runs, at the same time and on the same test object.
 *
 * <pre>{@code
 * @MpiTest(ranks = 4)
 * void ringReturns(IntraComm world) { ... }
 * }</pre>
 *
 * <p>The method may have parameters of type {@link org.jadi.mpi.Mpi}, {@link org.jadi.mpi.Comm} or
 * {@link org.jadi.mpi.IntraComm} (the world). The ranks are threads of the test's JVM and share static fields. When one
 * fails, the others are given up: what they wait for fails. The library is opened and closed around the body.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(MpiTestExtension.class)
public @interface MpiTest {
    /** Returns the number of ranks; the test runs once for each number given. */
    int[] ranks() default {2};

    /** Returns the devices in order of preference, as in the property {@code jadi.device}. */
    String devices() default "self";

    /** Returns further configuration, as {@code name=value} without {@code jadi.}: {@code "eager.limitBytes=0"}. */
    String[] config() default {};

    /** Returns after how many seconds the test fails, with the stacks of all threads and the state of all ranks. */
    int timeoutSeconds() default 60;
}
