package org.jadi.adi.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jadi.adi.board.SharedTask;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.Device;
import org.jadi.adi.device.Doorbell;
import org.jadi.adi.placement.HelperSite;
import org.jadi.adi.placement.PlacedThreads;
import org.jadi.adi.placement.ThreadPlacement;
import org.jadi.adi.placement.ThreadPlacement.Decision;
import org.jadi.adi.stats.Log;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A helper thread polls all the time with a policy that never sleeps by itself. */
@Timeout(60)
class HelperThreadTest {
    private static final WaitPolicy SPIN_FOR_EVER = new WaitPolicy(Long.MAX_VALUE / 4, 0, 1_000_000);
    /** Turns in which a thread that may sleep would have slept many times. */
    private static final int MANY = 100_000;

    private final Semaphore sleeps = new Semaphore(0);
    private final CountDownLatch turns = new CountDownLatch(MANY);

    private final class Bell implements Doorbell {
        @Override
        public void ring() {}

        @Override
        public int prepare() {
            return 0;
        }

        @Override
        public void sleep(int seen, long timeoutNs) {
            sleeps.release();
            try {
                TimeUnit.NANOSECONDS.sleep(timeoutNs);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void awake() {}
    }

    private final class Idle implements Progress.Pusher, Log {
        @Override
        public int push() {
            return 0;
        }

        @Override
        public boolean hasPending() {
            turns.countDown();
            return false;
        }

        @Override
        public boolean hasOwned() {
            return false;
        }

        @Override
        public void pushOwned() {}

        @Override
        public int advanceTasks() {
            return 0;
        }

        @Override
        public boolean hasTasks() {
            return false;
        }

        @Override
        public void handOver(SharedTask task) {}

        @Override
        public void warn(String message) {}

        @Override
        public void info(String message) {}
    }

    private Progress progress(boolean maySpin) {
        ThreadPlacement service = (kind, site, decided) -> {
            decided.accept(new Decision(maySpin, "for a test"));
            return () -> { };
        };
        Idle idle = new Idle();
        PlacedThreads threads = new PlacedThreads(HelperSite.of(Config.of(Map.of()), 1, 1), idle, () -> service);
        return new Progress(new Device[0], new Bell(), idle, SPIN_FOR_EVER, true, "helper", threads);
    }

    @Test
    void shouldSleepAtOnceWithoutACpuToSpare() throws InterruptedException {
        Progress progress = progress(false);
        try {
            assertTrue(sleeps.tryAcquire(3, 30, TimeUnit.SECONDS), "it does not sleep");
        } finally {
            progress.close();
        }
    }

    @Test
    void shouldFollowThePolicyWithACpuToItself() throws InterruptedException {
        Progress progress = progress(true);
        try {
            assertTrue(turns.await(30, TimeUnit.SECONDS), "it does not poll: turns left=" + turns.getCount());
        } finally {
            progress.close();
        }
        assertEquals(0, sleeps.availablePermits(), "it sleeps");
    }
}
