package org.jadi.adi.progress;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jadi.adi.placement.PlacedThreads;

/**
 * A platform thread of the engine that polls while only virtual threads wait, so that no carrier is held, or all the
 * time where the configuration asks for it. Started when it is first needed. Leaves polling to platform threads that wait.
 */
final class HelperThread {
    private final Progress progress;
    private volatile boolean always;
    private final String name;
    private final PlacedThreads threads;
    private final AtomicInteger virtualWaiters = new AtomicInteger();
    private volatile Thread thread;
    private volatile boolean closed;

    /** Whether it has a CPU to itself as far as anybody knows; else it sleeps as soon as there is nothing to do. */
    private volatile boolean maySpin = true;

    HelperThread(Progress progress, boolean always, String name, PlacedThreads threads) {
        this.progress = progress;
        this.always = always;
        this.name = name;
        this.threads = threads;
    }

    /** Called when everything that the thread uses is there. */
    void ready() {
        if (always) {
            start();
        }
    }

    /** From now on the thread polls whenever no other does. */
    void helpAlways() {
        if (!always) {
            always = true;
            start();
            wakeIfWanted();
        }
    }

    Thread thread() {
        return thread;
    }

    boolean isWanted() {
        return always || virtualWaiters.get() > 0;
    }

    void addWaiter() {
        virtualWaiters.incrementAndGet();
        if (thread == null) {
            start();
        }
    }

    void removeWaiter() {
        virtualWaiters.decrementAndGet();
    }

    void wakeIfWanted() {
        Thread t = thread;
        if (t != null && isWanted()) {
            LockSupport.unpark(t);
        }
    }

    private synchronized void start() {
        if (thread == null && !closed) {
            thread = threads.polling(name, this::run, decision -> maySpin = decision.maySpin());
            thread.start();
        }
    }

    private void run() {
        try {
            pollUntilClosed();
        } finally {
            if (!closed) {
                thread = null; // died of an exception: who waits next starts another
            }
        }
    }

    private void pollUntilClosed() {
        while (!closed) {
            if (isWanted() && !progress.hasParked() && progress.tryEnter()) {
                try {
                    pollWhileWanted();
                } finally {
                    progress.exit();
                }
            } else {
                LockSupport.parkNanos(this, 1_000_000_000L);
            }
        }
    }

    private void pollWhileWanted() {
        progress.busyTurn();
        while (!closed && isWanted() && !progress.hasParked()) {
            if (progress.turn() != 0) {
                progress.busyTurn();
            } else {
                progress.idleTurn(maySpin);
            }
        }
    }

    void close() {
        closed = true;
        Thread t;
        synchronized (this) {
            t = thread;
        }
        if (t != null) {
            progress.ringOthers();
            LockSupport.unpark(t);
            try {
                t.join(2000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
