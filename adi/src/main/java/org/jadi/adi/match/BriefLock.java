package org.jadi.adi.match;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jadi.adi.stats.HotPath;

/**
 * A lock for sections of a few dozen instructions: one compare-and-set to take it, one release store to give it back.
 * Not reentrant. A thread that finds it held spins briefly, then yields, then naps, because the holder may have lost its
 * CPU on an oversubscribed node. No user code and no waiting inside.
 */
public class BriefLock {
    private static final VarHandle HELD;
    private static final int SPINS = 64;
    private static final int YIELDS = 64;
    private static final long NAP_NS = 20_000;

    static {
        try {
            HELD = MethodHandles.lookup().findVarHandle(BriefLock.class, "held", int.class).withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // through HELD
    private int held;

    /** Creates a free lock. */
    public BriefLock() {}

    /** Takes the lock. */
    @HotPath
    public final void lock() {
        if (!HELD.compareAndSet(this, 0, 1)) {
            lockSlowly();
        }
    }

    /** Gives the lock back. */
    @HotPath
    public final void unlock() {
        HELD.setRelease(this, 0);
    }

    /** Returns whether somebody holds the lock; for assertions. */
    public final boolean isHeld() {
        return (int) HELD.getAcquire(this) != 0;
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
