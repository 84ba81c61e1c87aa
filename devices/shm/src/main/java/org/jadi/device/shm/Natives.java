package org.jadi.device.shm;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.device.HelperThreads;
import org.jadi.adi.stats.HotPath;
import org.jadi.adi.stats.Log;
import org.jadi.device.shm.binding.LibC;

/**
 * libc, linked in the background when it is first wanted: a short program never pays for it, and nobody waits for it.
 */
final class Natives {
    private final boolean allowed;
    private final Log log;
    private final HelperThreads threads;
    private volatile LibC libc;
    private boolean requested; // guarded by this
    private Runnable whenReady; // guarded by this

    Natives(boolean allowed, Log log, HelperThreads threads) {
        this.allowed = allowed;
        this.log = log;
        this.threads = threads;
    }

    /** Returns libc if it is linked, else null. */
    @HotPath
    LibC ready() {
        return libc;
    }

    /** Returns libc if it is linked; else begins to link it, and returns null. */
    LibC request() {
        LibC l = libc;
        if (l == null && allowed) {
            begin();
        }
        return l;
    }

    private synchronized void begin() {
        if (!requested) {
            requested = true;
            threads.unstarted("jadi-link", this::link).start();
        }
    }

    private void link() {
        LibC linked = LibC.load(log);
        Runnable action;
        synchronized (this) {
            libc = linked;
            action = linked == null ? null : whenReady;
            whenReady = null;
        }
        if (action != null) {
            action.run();
        }
    }

    /** Runs an action once libc is linked; now if it is already. */
    void whenReady(Runnable action) {
        synchronized (this) {
            if (libc == null) {
                whenReady = action;
                return;
            }
        }
        action.run();
    }

    /** Copies by the fastest means at hand for pieces of this size. */
    void copyLarge(MemorySegment from, long fromOffset, MemorySegment to, long toOffset, long bytes) {
        LibC l = request();
        if (l == null) {
            MemorySegment.copy(from, fromOffset, to, toOffset, bytes);
        } else {
            l.copy(from, fromOffset, to, toOffset, bytes);
        }
    }
}
