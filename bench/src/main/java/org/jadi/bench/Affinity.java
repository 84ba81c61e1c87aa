package org.jadi.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.BitSet;

/**
 * Pins the calling thread only, as the C counterparts do: the JVM's compiler and collector threads stay free on all CPUs, and
 * taskset around the process would put them on the rank's own.
 */
final class Affinity {

    private static final long SET_BYTES = 128;

    private Affinity() {}

    /** Pins to the CPU of that index among those allowed. Returns false where it cannot. */
    @SuppressWarnings("restricted") // sched_setaffinity has no other way in
    static boolean pin(int index) {
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor type = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle get = linker.downcallHandle(linker.defaultLookup().findOrThrow("sched_getaffinity"), type);
            MethodHandle set = linker.downcallHandle(linker.defaultLookup().findOrThrow("sched_setaffinity"), type);
            MemorySegment mask = arena.allocate(SET_BYTES, 8);
            if ((int) get.invokeExact(0, SET_BYTES, mask) < 0) {
                return false;
            }
            BitSet allowed = BitSet.valueOf(mask.asByteBuffer());
            int cpu = allowed.stream().skip(index % allowed.cardinality()).findFirst().orElseThrow();
            mask.fill((byte) 0);
            mask.set(JAVA_BYTE, cpu / 8, (byte) (1 << cpu % 8));
            return (int) set.invokeExact(0, SET_BYTES, mask) == 0;
        } catch (Throwable notLinux) {
            return false;
        }
    }
}
