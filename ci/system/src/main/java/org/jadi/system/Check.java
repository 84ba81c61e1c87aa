package org.jadi.system;

import java.util.Objects;
import org.jadi.mpi.Comm;
import org.jadi.mpi.ErrorClass;
import org.jadi.mpi.MpiException;
import org.jadi.mpi.Status;

/** Assertions whose messages show what was expected, and neighbours in a ring of ranks. */
final class Check {
    private static final long UNTIL_NS = 60_000_000_000L;

    private Check() {}

    static void that(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    static void equal(Object expected, Object actual, String what) {
        if (!Objects.deepEquals(expected, actual)) {
            throw new AssertionError(what + ": expected=" + text(expected) + " actual=" + text(actual));
        }
    }

    private static String text(Object value) {
        return java.util.Arrays.deepToString(new Object[] {value});
    }

    /** Checks source, tag and length of a received message. */
    static void status(int source, int tag, long bytes, Status actual) {
        equal(new Status(source, tag, bytes, false, ErrorClass.SUCCESS), actual, "status");
    }

    /** Checks that something fails with an error of a class; returns the exception. */
    static MpiException fails(ErrorClass expected, Action action) throws Exception {
        try {
            action.run();
        } catch (MpiException e) {
            equal(expected, e.errorClass(), "class of the error " + e.getMessage());
            return e;
        }
        throw new AssertionError("an error was expected: class=" + expected);
    }

    /** Something that may fail. */
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }

    /** Something that is so, or not yet. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws Exception;
    }

    /** Waits for a fact that announces itself by no event. The tests' own way to do so is no part of programs that run elsewhere. */
    static void until(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + UNTIL_NS;
        while (!condition.holds()) {
            that(System.nanoTime() - end < 0, "not within a minute: " + what);
            Thread.sleep(2);
        }
    }

    static int next(Comm comm) {
        return (comm.rank() + 1) % comm.size();
    }

    static int previous(Comm comm) {
        return (comm.rank() + comm.size() - 1) % comm.size();
    }

    /** An array whose content depends on a seed. */
    static int[] pattern(int length, int seed) {
        int[] a = new int[length];
        for (int i = 0; i < length; i++) {
            a[i] = seed * 31 + i * 7;
        }
        return a;
    }
}
