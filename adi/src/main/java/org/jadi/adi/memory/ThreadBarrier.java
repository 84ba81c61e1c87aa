package org.jadi.adi.memory;

/**
 * A capability of devices, optional: makes all threads of this process pass a full memory barrier, wherever they are. The caller pays for it, some
 * microseconds, so that the others need none of their own. Any thread.
 */
public interface ThreadBarrier {
    /** Returns whether {@link #pass} may be called; if not, what it takes may be made ready meanwhile. */
    boolean isReady();

    /** Returns after each thread of this process has passed a full memory barrier. */
    void pass();
}
