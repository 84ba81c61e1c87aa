package org.jadi.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.jadi.adi.match.BriefLock;
import org.jadi.adi.memory.ThreadBarrier;
import org.jadi.adi.stats.Log;
import org.jadi.device.shm.binding.LibC;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A lock's favourite goes in and out while another thread takes the lock for the first time. */
@JCStressTest
@Outcome(id = "1200, 1", expect = ACCEPTABLE, desc = "Each section was alone in the lock, and the lock had a favourite.")
@Outcome(expect = FORBIDDEN, desc = "Two threads were in the lock at the same time, or it never had a favourite.")
@State
public class FavouriteStress {
    private static final int ALONE = 1000;
    private static final int SHARED = 100;
    private static final AtomicInteger PASSES = new AtomicInteger();
    private static final LibC LIBC = LibC.load(new Log() {
        @Override
        public void warn(String message) {
            throw new IllegalStateException(message);
        }

        @Override
        public void info(String message) {
            throw new IllegalStateException(message);
        }
    });

    private static final ThreadBarrier BARRIER = new ThreadBarrier() {
        @Override
        public boolean isReady() {
            return LIBC.hasBarrier();
        }

        @Override
        public void pass() {
            PASSES.incrementAndGet();
            LIBC.barrier();
        }
    };

    private final BriefLock lock = new BriefLock(BARRIER);
    private volatile boolean favoured;
    private int sum;

    private void count(int times) {
        for (int i = 0; i < times; i++) {
            lock.lock();
            sum++;
            lock.unlock();
        }
    }

    /** Becomes the favourite, and goes on. */
    @Actor
    public void favourite() {
        count(ALONE + 1);
        favoured = true;
        count(SHARED - 1);
    }

    /** One that comes later. */
    @Actor
    public void second() {
        await();
        count(SHARED);
    }

    private void await() {
        while (!favoured) {
            Thread.onSpinWait();
        }
    }

    /** Says what came of it. */
    @Arbiter
    public void judge(II_Result r) {
        r.r1 = sum;
        r.r2 = PASSES.get() > 0 ? 1 : 0;
    }
}
