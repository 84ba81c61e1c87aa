package org.jadi.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Each test method may take this long. On expiry the stacks of all threads, and {@link DumpsState} of the test, are
 * printed and the test is interrupted; a test that does not end even then ends the JVM, so that a build never hangs.
 */
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(TimeLimitExtension.class)
public @interface TimeLimit {
    /** Returns the limit in seconds. */
    int value();
}
