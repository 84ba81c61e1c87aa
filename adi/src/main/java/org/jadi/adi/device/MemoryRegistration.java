package org.jadi.adi.device;

import java.lang.foreign.MemorySegment;

/** Optional: memory can be made known to the device once, for the many transfers of persistent requests. Any thread. */
public interface MemoryRegistration {
    /**
     * Registers a buffer that a persistent request will use.
     *
     * @return a token for {@link #unregister}; null if there is nothing to be gained for this memory
     */
    Object register(MemorySegment memory);

    /** Ends a registration; no transfer may be using it. */
    void unregister(Object token);
}
