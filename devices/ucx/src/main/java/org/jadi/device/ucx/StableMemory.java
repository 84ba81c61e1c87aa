package org.jadi.device.ucx;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Tells memory that stays while somebody holds its segment from memory that a thread can free: UCX works on addresses, and
 * a closed arena must fail a request, not the JVM. The JDK has no question for it, but the scopes of automatic and global
 * arenas are of other classes than those of arenas that can be closed; where a JDK makes no difference, no memory counts as
 * stable.
 */
final class StableMemory {
    private final Class<?> automatic;
    private final Class<?> global = Arena.global().scope().getClass();
    private final boolean isTold;

    StableMemory() {
        automatic = Arena.ofAuto().scope().getClass();
        try (Arena shared = Arena.ofShared(); Arena confined = Arena.ofConfined()) {
            isTold = isNeither(shared.scope().getClass()) && isNeither(confined.scope().getClass());
        }
    }

    private boolean isNeither(Class<?> closeable) {
        return closeable != automatic && closeable != global;
    }

    boolean contains(MemorySegment memory) {
        if (!memory.isNative() || !isTold) {
            return false;
        }
        Class<?> scope = memory.scope().getClass();
        return scope == automatic || scope == global;
    }
}
