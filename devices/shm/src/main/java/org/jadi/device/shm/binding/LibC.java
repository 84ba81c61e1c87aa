package org.jadi.device.shm.binding;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jadi.adi.stats.Log;

/**
 * {@code memcpy}, and the system calls {@code futex} and {@code membarrier}. Any thread.
 *
 * <p>{@code memcpy} of libc does not read the destination's cache lines before it writes them, which the JVM's copy
 * does; across caches that is a factor of three for large pieces. The call is critical: it stops safepoints, so a piece
 * is bounded.
 */
public final class LibC {
    /** Largest piece of one copy, in bytes: bounds the time in which no safepoint is reached. */
    public static final int PIECE_BYTES = 64 << 10;

    private static final int FUTEX_WAIT = 0;
    private static final int FUTEX_WAKE = 1;
    private static final int MEMBARRIER_GLOBAL_EXPEDITED = 1 << 1;
    private static final int MEMBARRIER_REGISTER_GLOBAL_EXPEDITED = 1 << 2;

    /** Handles that the JIT knows to be constant, so that it compiles the calls into their callers. */
    @SuppressWarnings("restricted")
    private static final class Calls {
        static final MethodHandle MEMCPY;
        static final MethodHandle SYSCALL;

        static {
            Linker linker = Linker.nativeLinker();
            var lookup = linker.defaultLookup();
            var size = ValueLayout.JAVA_LONG;
            MEMCPY = linker.downcallHandle(lookup.find("memcpy").orElseThrow(),
                    FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.ADDRESS, size), Linker.Option.critical(true));
            SYSCALL = linker.downcallHandle(lookup.find("syscall").orElseThrow(),
                    FunctionDescriptor.of(size, size, ValueLayout.ADDRESS, size, size, ValueLayout.ADDRESS),
                    Linker.Option.firstVariadicArg(1));
        }

        private Calls() {}
    }

    private final int futexNumber;
    private final int membarrierNumber;
    private final MemorySegment noTimeout = MemorySegment.NULL;
    private final boolean barriers;

    private LibC(boolean arm) {
        this.futexNumber = arm ? 98 : 202;
        this.membarrierNumber = arm ? 283 : 324;
        this.barriers = membarrier(MEMBARRIER_REGISTER_GLOBAL_EXPEDITED) == 0;
    }

    /** Links libc; returns null, with a reason in the log, where that is not possible. Takes tens of milliseconds. */
    public static LibC load(Log log) {
        String arch = System.getProperty("os.arch");
        boolean arm = arch.equals("aarch64");
        if (!System.getProperty("os.name").equals("Linux") || !arm && !arch.equals("amd64")) {
            return null;
        }
        try {
            return new LibC(arm);
        } catch (RuntimeException | LinkageError e) {
            log.info("no native access, shared memory works slower: " + e);
            return null;
        }
    }

    /** Copies bytes; heap arrays and native memory alike. */
    public void copy(MemorySegment from, long fromOffset, MemorySegment to, long toOffset, long bytes) {
        try {
            for (long at = 0; at < bytes;) {
                long n = Math.min(PIECE_BYTES, bytes - at);
                Calls.MEMCPY.invokeExact(to.asSlice(toOffset + at, n), from.asSlice(fromOffset + at, n), n);
                at += n;
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sleeps while the 32-bit word holds a value, until woken or the time is over. */
    public void futexWait(MemorySegment word, int value, long timeoutNs) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(16, 8);
            time.set(ValueLayout.JAVA_LONG, 0, timeoutNs / 1_000_000_000L);
            time.set(ValueLayout.JAVA_LONG, 8, timeoutNs % 1_000_000_000L);
            call(futexNumber, word, FUTEX_WAIT, value, time);
        }
    }

    /** Wakes whoever sleeps on the word. */
    public void futexWake(MemorySegment word) {
        call(futexNumber, word, FUTEX_WAKE, Integer.MAX_VALUE, noTimeout);
    }

    /** Returns whether {@link #barrier} works here: the kernel has it and this process is registered. */
    public boolean hasBarrier() {
        return barriers;
    }

    /** Makes every running thread of every registered process pass a full memory barrier. */
    public void barrier() {
        membarrier(MEMBARRIER_GLOBAL_EXPEDITED);
    }

    private long membarrier(int command) {
        return call(membarrierNumber, MemorySegment.ofAddress(command), 0, 0, noTimeout);
    }

    private long call(int number, MemorySegment a, long b, long c, MemorySegment d) {
        try {
            return (long) Calls.SYSCALL.invokeExact((long) number, a, b, c, d);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
