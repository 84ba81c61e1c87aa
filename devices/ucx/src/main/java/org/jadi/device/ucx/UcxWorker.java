package org.jadi.device.ucx;

import org.jadi.adi.stats.HotPath;
import org.jadi.device.ucx.binding.UcxSession;
import org.jadi.device.ucx.binding.UcxTransport;

/**
 * The worker of UCX and the lock that guards it. All parts of the device reach UCX through this object and hold its lock
 * while they do; it knows none of them.
 */
final class UcxWorker {
    private final UcxLock lock = new UcxLock();

    // Guarded by the lock; set once.
    private UcxSession session;
    private UcxTransport transport;

    /** Takes the session into use; before any other call. */
    void attach(UcxSession newSession, UcxTransport newTransport) {
        session = newSession;
        transport = newTransport;
    }

    @HotPath
    void lock() {
        lock.lock();
    }

    /** Takes the lock, after those who wait for it now: for who takes it again and again. */
    @HotPath
    void lockAfterOthers() {
        lock.lockAfterOthers();
    }

    @HotPath
    void unlock() {
        lock.unlock();
    }

    /** Returns the calls of what happens with each message; with the lock held. */
    @HotPath
    UcxTransport transport() {
        return transport;
    }

    /** Returns the calls of the life cycle; with the lock held. */
    UcxSession session() {
        return session;
    }

    /** Ends worker and context; with the lock held, after the endpoints were closed. */
    void close() {
        session.close();
        transport.close();
    }
}
