package org.jadi.adi.stats;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method that runs for every message. The build ({@code ci/arch}) refuses it if it allocates, takes a monitor,
 * uses {@code invokedynamic}, or has more than 325 bytes of code, above which C2 does not inline a hot call.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.CONSTRUCTOR})
public @interface HotPath {}
