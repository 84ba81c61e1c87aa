package org.jadi.mpi;

import java.util.concurrent.atomic.AtomicBoolean;

/** Ends the job when a thread of the program dies of an exception: rank and stack once, exit code 1. */
final class UncaughtExceptions implements Thread.UncaughtExceptionHandler {
    private final Instance instance;
    private final Finalizer finalizer;
    private final Thread.UncaughtExceptionHandler previous;
    private final AtomicBoolean called = new AtomicBoolean();

    private UncaughtExceptions(Instance instance, Finalizer finalizer) {
        this.instance = instance;
        this.finalizer = finalizer;
        this.previous = Thread.getDefaultUncaughtExceptionHandler();
    }

    static void install(Instance instance, Finalizer finalizer) {
        Thread.setDefaultUncaughtExceptionHandler(new UncaughtExceptions(instance, finalizer));
    }

    @Override
    public void uncaughtException(Thread thread, Throwable cause) {
        if (!called.compareAndSet(false, true)) {
            return;
        }
        finalizer.fail();
        try {
            System.out.flush();
            System.err.print("rank " + instance.bootstrap.rank() + ": exception in thread \"" + thread.getName() + "\" "
                    + Stacks.text(cause));
            System.err.flush();
            if (previous != null) {
                previous.uncaughtException(thread, cause);
            }
            instance.bootstrap.abort(1, "rank " + instance.bootstrap.rank() + ": uncaught exception: " + cause);
        } finally {
            Runtime.getRuntime().halt(1);
        }
    }
}
