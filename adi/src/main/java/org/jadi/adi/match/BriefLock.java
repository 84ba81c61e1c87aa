package org.jadi.adi.match;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jadi.adi.memory.ThreadBarrier;
import org.jadi.adi.stats.HotPath;

/**
 * A lock for sections of a few dozen instructions: one compare-and-set to take it, one release store to give it back.
 * Not reentrant. A thread that finds it held spins briefly, then yields, then naps, because the holder may have lost its
 * CPU on an oversubscribed node. No user code and no waiting inside.
 *
 * <p>Where a {@link ThreadBarrier} is at hand, a thread that took the lock a thousand times in a row becomes its favourite and
 * takes it without a locked instruction, which would wait until all stores before it have reached the cache: those into
 * another CPU's lines take long. The first other thread that wants the lock ends that, for good, with one such barrier.
 */
public class BriefLock {
    private static final VarHandle HELD;
    private static final VarHandle INSIDE;
    private static final VarHandle FAVOURITE;
    private static final int SPINS = 64;
    private static final int YIELDS = 64;
    private static final long NAP_NS = 20_000;
    private static final int STREAK = 1000;
    private static final int NEVER_AGAIN = -1;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            HELD = lookup.findVarHandle(BriefLock.class, "held", int.class).withInvokeExactBehavior();
            INSIDE = lookup.findVarHandle(BriefLock.class, "inside", int.class).withInvokeExactBehavior();
            FAVOURITE = lookup.findVarHandle(BriefLock.class, "favourite", Thread.class).withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ThreadBarrier barrier;

    @SuppressWarnings("unused") // through HELD
    private int held;

    /** Whether the favourite holds the lock, or is about to look whether it still is the favourite. */
    @SuppressWarnings("unused") // through INSIDE
    private int inside;

    /** Set by itself while it holds the lock; taken back by another thread that holds {@link #held}. */
    @SuppressWarnings("unused") // through FAVOURITE
    private Thread favourite;

    // guarded by this lock: whether its holder came in as favourite; who last came in otherwise, and how often in a row
    private boolean asFavourite;
    private Thread last;
    private int streak;

    /** Creates a free lock that never has a favourite. */
    public BriefLock() {
        this(null);
    }

    /** Creates a free lock that gets a favourite by this, unless it is null. */
    public BriefLock(ThreadBarrier barrier) {
        this.barrier = barrier;
    }

    /** Takes the lock. */
    @HotPath
    public final void lock() {
        Thread f = (Thread) FAVOURITE.getOpaque(this);
        if (f == null || f != Thread.currentThread() || !enter(f)) {
            take();
        }
    }

    @HotPath
    private boolean enter(Thread me) {
        INSIDE.setOpaque(this, 1);
        // ORDER: the compilers must not look at the favourite before the store. The CPU may: dismiss makes it pass a barrier, and
        // then either that barrier came after our store, which is seen there, or before our look, which sees that we are dismissed.
        VarHandle.releaseFence();
        VarHandle.acquireFence();
        if ((Thread) FAVOURITE.getOpaque(this) == me) {
            asFavourite = true;
            return true;
        }
        INSIDE.setRelease(this, 0);
        return false;
    }

    @HotPath
    private void take() {
        if (!HELD.compareAndSet(this, 0, 1)) {
            lockSlowly();
        }
        if (last != Thread.currentThread()) {
            changeHands();
        } else if (streak >= 0 && ++streak == STREAK) {
            becomeFavourite();
        }
        asFavourite = false;
    }

    private void changeHands() {
        last = Thread.currentThread();
        if ((Thread) FAVOURITE.getOpaque(this) != null) {
            dismiss();
        } else if (streak != NEVER_AGAIN) {
            streak = 0;
        }
    }

    private void becomeFavourite() {
        if (barrier != null && barrier.isReady()) {
            FAVOURITE.setVolatile(this, Thread.currentThread());
            streak = NEVER_AGAIN;
        } else {
            streak = 0;
        }
    }

    /** Takes the favourite's privilege back, and waits until it is out. Holding {@link #held}. */
    private void dismiss() {
        FAVOURITE.setVolatile(this, (Thread) null);
        barrier.pass();
        for (int turn = 0; (int) INSIDE.getAcquire(this) != 0; turn++) {
            pause(turn);
        }
    }

    /** Gives the lock back. */
    @HotPath
    public final void unlock() {
        if (asFavourite) {
            INSIDE.setRelease(this, 0);
        } else {
            HELD.setRelease(this, 0);
        }
    }

    /** Returns whether somebody holds the lock; for assertions. */
    public final boolean isHeld() {
        return (int) HELD.getAcquire(this) != 0 || (int) INSIDE.getAcquire(this) != 0;
    }

    private void lockSlowly() {
        for (int turn = 0;; turn++) {
            if ((int) HELD.getOpaque(this) == 0 && HELD.compareAndSet(this, 0, 1)) {
                return;
            }
            pause(turn);
        }
    }

    private static void pause(int turn) {
        if (turn < SPINS) {
            Thread.onSpinWait();
        } else if (turn < SPINS + YIELDS) {
            Thread.yield();
        } else {
            LockSupport.parkNanos(NAP_NS);
        }
    }
}
