package org.jadi.device.ucx;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jadi.adi.stats.HotPath;

/**
 * Guards the worker. Held for one call into UCX, mostly some ten nanoseconds; while UCX copies a long message it may be
 * some hundred microseconds, so who waits yields, then naps. Not reentrant: upcalls only take notes.
 */
final class UcxLock {
    private static final VarHandle HELD;
    private static final int SPINS = 64;
    private static final int YIELDS = 64;
    private static final long NAP_NS = 20_000;

    static {
        try {
            HELD = MethodHandles.lookup().findVarHandle(UcxLock.class, "held", int.class).withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // through HELD
    private int held;

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
        for (int turn = 0;; turn++) {
            if ((int) HELD.getOpaque(this) == 0 && HELD.compareAndSet(this, 0, 1)) {
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
