package org.jadi.adi.memory;

/**
 * An optional capability of a device: makes all threads of this process pass a full memory barrier, wherever they are. The
 * caller pays for it, some microseconds, so that the others need none of their own. Any thread.
 */
public interface ThreadBarrier {
    /** Returns whether {@link #pass} may be called; if not, what it takes is being made ready, where that is possible. */
    boolean isReady();

    /** Returns after each thread of this process has passed a full memory barrier. */
    void pass();
}
