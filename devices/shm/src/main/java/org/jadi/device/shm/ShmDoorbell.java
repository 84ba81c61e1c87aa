package org.jadi.device.shm;

import static org.jadi.device.shm.ShmSegmentDescriptor.DOORBELL_OFFSET;
import static org.jadi.device.shm.ShmSegmentDescriptor.SLEEPING_OFFSET;
import static org.jadi.device.shm.ShmSegmentDescriptor.WAKERS_OFFSET;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jadi.adi.device.Doorbell;
import org.jadi.adi.memory.ring.Words;
import org.jadi.adi.stats.HotPath;
import org.jadi.device.shm.binding.LibC;

/**
 * The word on which this rank sleeps; peers ring it.
 *
 * <p>A sender publishes, then looks whether the receiver sleeps, with no barrier between: so it may miss one that is just
 * falling asleep. The sleeper pays for that: {@code membarrier} makes all senders pass a barrier after it has announced
 * itself, and before it looks for the last time. Where that does not exist, its sleep is short.
 */
final class ShmDoorbell implements Doorbell {
    private static final long NAP_NS = 100_000;
    private static final long UNSURE_SLEEP_NS = 2_000_000;

    private final MemorySegment memory;
    private final Natives natives;
    private final ShmProgress progress;
    private volatile Thread sleeper;

    /** OWNER: the poller. For the kernel to read; made by the first sleep, since short programs never come to it. */
    private MemorySegment time;

    /** Ranks of this node, ourselves included, any of which may have to wake us. */
    private volatile int ranks = 1;

    ShmDoorbell(MemorySegment memory, Natives natives, ShmProgress progress) {
        this.memory = memory;
        this.natives = natives;
        this.progress = progress;
    }

    /** Says how many ranks of this node there are. */
    void expect(int count) {
        ranks = count;
    }

    /** Rings a rank's doorbell if it sleeps; the sender's side. */
    @HotPath
    static void ringIfAsleep(MemorySegment peer, Natives natives) {
        if (Words.loadIntOpaque(peer, SLEEPING_OFFSET) != 0) {
            ring(peer, natives);
        }
    }

    private static void ring(MemorySegment peer, Natives natives) {
        Words.addInt(peer, DOORBELL_OFFSET, 1);
        // Without libc the peer only naps, as it knows that we cannot wake it yet.
        LibC libc = natives.request();
        if (libc != null) {
            libc.futexWake(peer.address() + DOORBELL_OFFSET);
        }
    }

    @Override
    public void ring() {
        Words.addInt(memory, DOORBELL_OFFSET, 1);
        if (Words.loadIntAcquire(memory, SLEEPING_OFFSET) != 0) {
            LibC libc = natives.ready();
            if (libc != null) {
                libc.futexWake(memory.address() + DOORBELL_OFFSET);
            }
            Thread t = sleeper;
            if (t != null) {
                LockSupport.unpark(t);
            }
        }
    }

    @Override
    public int prepare() {
        sleeper = Thread.currentThread();
        progress.sleeping();
        Words.storeIntVolatile(memory, SLEEPING_OFFSET, 1);
        LibC libc = natives.request();
        if (libc != null && libc.hasBarrier()) {
            libc.barrier();
        } else {
            VarHandle.fullFence();
        }
        return Words.loadIntAcquire(memory, DOORBELL_OFFSET);
    }

    @Override
    public void sleep(int seen, long timeoutNs) {
        LibC libc = natives.ready();
        if (libc != null && Words.loadIntAcquire(memory, WAKERS_OFFSET) >= ranks) {
            if (time == null) {
                time = Arena.ofAuto().allocate(LibC.TIME_BYTES, Long.BYTES);
            }
            libc.futexWait(memory.address() + DOORBELL_OFFSET, seen,
                    libc.hasBarrier() ? timeoutNs : Math.min(timeoutNs, UNSURE_SLEEP_NS), time);
        } else if (Words.loadIntAcquire(memory, DOORBELL_OFFSET) == seen) {
            // Nobody can wake a nap of another process, so it is brief.
            LockSupport.parkNanos(this, Math.min(NAP_NS, timeoutNs));
        }
    }

    @Override
    public void awake() {
        Words.storeIntRelease(memory, SLEEPING_OFFSET, 0);
        sleeper = null;
    }
}
