package org.jadi.mpi;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The length of an array that is a component of a record, so that the record has a fixed size: see {@link RecordType}.
 *
 * <pre>{@code
 * record Particle(@FixedLength(3) double[] position, double mass, int id) {}
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER})
public @interface FixedLength {
    /** Number of elements, 1 or more. */
    int value();
}
