package org.jadi.device.ucx;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jadi.adi.stats.HotPath;

/**
 * Guards the worker. Held for one call into UCX, mostly some ten nanoseconds; while UCX copies a long message it may be
 * some hundred microseconds, so who waits yields, then naps. Not reentrant: upcalls only take notes.
 *
 * <p>A poller takes it again and again with nothing in between; it lets those who wait go first, or they would have to
 * wake up in one of the few nanoseconds in which it is free.
 */
final class UcxLock {
    private static final VarHandle HELD;
    private static final VarHandle WAITING;
    private static final int SPINS = 64;
    private static final int YIELDS = 64;
    private static final long NAP_NS = 20_000;

    /** How often a poller lets others go first: some hundred microseconds, in which a nap ends. */
    private static final int PATIENCE_TURNS = 500;

    static {
        try {
            HELD = MethodHandles.lookup().findVarHandle(UcxLock.class, "held", int.class).withInvokeExactBehavior();
            WAITING = MethodHandles.lookup().findVarHandle(UcxLock.class, "waiting", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // through HELD
    private int held;

    /** Threads in {@link #lockSlowly}. */
    private volatile int waiting;

    /** Takes the lock, after those who wait for it now. */
    @HotPath
    void lockAfterOthers() {
        if (waiting != 0) {
            letOthersGo();
        }
        lock();
    }

    private void letOthersGo() {
        for (int turn = 0; turn < PATIENCE_TURNS && waiting != 0; turn++) {
            if (turn < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }

    @HotPath
    void lock() {
        if (!HELD.compareAndSet(this, 0, 1)) {
            lockSlowly();
        }
    }

    @HotPath
    void unlock() {
        HELD.setRelease(this, 0);
    }

    private void lockSlowly() {
        WAITING.getAndAdd(this, 1);
        for (int turn = 0;; turn = turn == SPINS + YIELDS ? 0 : turn + 1) { // one look after each nap would mostly be in vain
            if ((int) HELD.getOpaque(this) == 0 && HELD.compareAndSet(this, 0, 1)) {
                WAITING.getAndAdd(this, -1);
                return;
            }
            if (turn < SPINS) {
                Thread.onSpinWait();
            } else if (turn < SPINS + YIELDS) {
                Thread.yield();
            } else {
                LockSupport.parkNanos(NAP_NS);
            }
        }
    }
}
