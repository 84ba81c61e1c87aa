package org.jadi.scopes;

/** Variations of intrinsic scopes. */
public enum Flag {
    /** One CPU of each core only. */
    NO_SMT,
    /** Those set aside for helper threads are in it too. */
    KEEP_UTILITY
}
