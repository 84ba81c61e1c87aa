package org.jadi.bootstrap;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Sees what threads do. The test kit needs this module, so that its like cannot be used here. */
public final class ThreadWatch {
    private static final long LIMIT_NS = 20_000_000_000L;

    private ThreadWatch() {
    }

    /**
     * Waits until every thread has been seen waiting in a method.
     *
     * @param method as {@code Class.method}
     * @throws AssertionError with all stacks, if that does not happen within 20 seconds, or a thread ends before
     */
    public static void awaitWaitingIn(String method, Collection<Thread> threads) throws InterruptedException {
        long end = System.nanoTime() + LIMIT_NS;
        for (Thread thread : threads) {
            while (!isWaitingIn(method, thread)) {
                if (System.nanoTime() - end > 0 || !thread.isAlive()) {
                    throw new AssertionError("not seen waiting in " + method + ": " + describe(threads));
                }
                Thread.sleep(1);
            }
        }
    }

    private static boolean isWaitingIn(String method, Thread thread) {
        boolean inside = Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> (frame.getClassName() + "." + frame.getMethodName()).endsWith("." + method));
        return inside && List.of(Thread.State.WAITING, Thread.State.TIMED_WAITING).contains(thread.getState());
    }

    private static String describe(Collection<Thread> threads) {
        return threads.stream().map(t -> t + " " + t.getState() + " " + Arrays.toString(t.getStackTrace()))
                .collect(Collectors.joining("\n"));
    }
}
