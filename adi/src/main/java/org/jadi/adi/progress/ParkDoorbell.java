package org.jadi.adi.progress;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jadi.adi.device.Doorbell;

/** The doorbell of an engine none of whose devices has a word in shared memory: parks the thread. */
public final class ParkDoorbell implements Doorbell {
    private final AtomicInteger word = new AtomicInteger();
    private volatile Thread sleeper;

    /** Creates a doorbell on which nobody sleeps. */
    public ParkDoorbell() {}

    @Override
    public void ring() {
        word.incrementAndGet();
        Thread t = sleeper;
        if (t != null) {
            LockSupport.unpark(t);
        }
    }

    @Override
    public int prepare() {
        sleeper = Thread.currentThread();
        return word.get();
    }

    @Override
    public void sleep(int seen, long timeoutNs) {
        if (word.get() == seen) {
            LockSupport.parkNanos(this, timeoutNs);
        }
    }

    @Override
    public void awake() {
        sleeper = null;
    }
}
