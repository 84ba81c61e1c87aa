package org.jadi.device.ucx;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jadi.adi.device.Doorbell;
import org.jadi.adi.device.HelperThreads;
import org.jadi.adi.device.SleepSource;
import org.jadi.device.ucx.binding.LibC;

/**
 * The daemon thread that waits for the worker's event descriptor while the engine sleeps, and rings the doorbell. It rests
 * parked while nobody sleeps; a wait that was begun for one sleep serves the next.
 */
final class UcxWatcher implements SleepSource {
    private static final long JOIN_MS = 2000;

    private final UcxProgress progress;
    private final Doorbell doorbell;
    private final int events;
    private final int wake = LibC.eventfd();
    private final Thread thread;

    // Set by the poller; taken back by whoever comes first, the watcher when it rings or the poller when it woke.
    private final AtomicBoolean armed = new AtomicBoolean();

    // OWNER: the watcher.
    private volatile boolean resting;
    private volatile boolean closed;

    UcxWatcher(UcxProgress progress, int rank, Doorbell doorbell, int events, HelperThreads threads) {
        this.progress = progress;
        this.doorbell = doorbell;
        this.events = events;
        this.thread = threads.unstarted("jadi-ucx-" + rank, this::run);
    }

    void start() {
        thread.start();
    }

    @Override
    public boolean arm() {
        if (!progress.arm()) {
            return false;
        }
        // ORDER: armed before resting is read. Pairs with run(), which writes resting and then reads armed.
        armed.set(true);
        if (resting) {
            LockSupport.unpark(thread);
        }
        return true;
    }

    @Override
    public void disarm() {
        progress.disarm();
        armed.set(false);
    }

    private void run() {
        while (!closed) {
            if (!armed.get()) {
                resting = true;
                if (!armed.get() && !closed) {
                    LockSupport.park(this);
                }
                resting = false;
                continue;
            }
            LibC.awaitReadable(events, wake);
            if (armed.compareAndSet(true, false)) {
                doorbell.ring();
            }
        }
    }

    /** Ends the thread; before the worker is closed, whose descriptor it waits for. */
    void close() {
        closed = true;
        LibC.signal(wake);
        LockSupport.unpark(thread);
        boolean interrupted = false;
        try {
            thread.join(JOIN_MS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        LibC.close(wake);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
