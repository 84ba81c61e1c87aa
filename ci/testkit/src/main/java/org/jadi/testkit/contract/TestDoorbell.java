package org.jadi.testkit.contract;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jadi.adi.device.Doorbell;

/** A doorbell of one JVM that counts its rings. Any thread. */
public final class TestDoorbell implements Doorbell {
    private final AtomicInteger rings = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition rung = lock.newCondition();

    /** Creates a doorbell. */
    public TestDoorbell() {}

    @Override
    public void ring() {
        rings.incrementAndGet();
        lock.lock();
        try {
            rung.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int prepare() {
        return rings.get();
    }

    @Override
    public void sleep(int seen, long timeoutNs) {
        long left = timeoutNs;
        lock.lock();
        try {
            while (rings.get() == seen && left > 0) {
                left = rung.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void awake() {}

    /** Returns how often it was rung. */
    public int rings() {
        return rings.get();
    }

    /** Waits until the count of rings differs from {@code seen}; false if the time is over. */
    public boolean await(int seen, long timeoutMs) {
        sleep(seen, TimeUnit.MILLISECONDS.toNanos(timeoutMs));
        return rings.get() != seen;
    }
}
