package org.jadi.device.shm.binding;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Objects;
import org.jadi.adi.stats.Log;

/**
 * {@code memcpy}, and the system calls {@code futex} and {@code membarrier}. Any thread.
 *
 * <p>{@code memcpy} of libc does not read the destination's cache lines before it writes them, which the JVM's copy
 * does; across caches that is a factor of three for large pieces. The call is critical: it stops safepoints, so a piece
 * is bounded.
 *
 * <p>Addresses are passed as numbers where that can be. A segment that stands for a part of another one is an object, made for
 * one call; and a call that takes segments runs through a dozen more methods, which matters to a wake-up: an idle rank
 * is woken so rarely that its way is interpreted.
 */
public final class LibC {
    /** Largest piece of one copy, in bytes: bounds the time in which no safepoint is reached. */
    public static final int PIECE_BYTES = 64 << 10;

    private static final int FUTEX_WAIT = 0;
    private static final int FUTEX_WAKE = 1;
    private static final int MEMBARRIER_GLOBAL_EXPEDITED = 1 << 1;
    private static final int MEMBARRIER_REGISTER_GLOBAL_EXPEDITED = 1 << 2;

    /** Length of the time that {@link #futexWait} reads, in bytes. */
    public static final int TIME_BYTES = 16;

    /**
     * Handles that the JIT knows to be constant, so that it compiles the calls into their callers. A copy has one or two segments
     * beyond the arguments that {@code memcpy} knows, which leaves them in their registers: the call keeps them
     * alive, and refuses those that are closed or belong to another thread. An array cannot be passed as a number, since it
     * moves.
     */
    @SuppressWarnings("restricted")
    private static final class Calls {
        static final MethodHandle COPY;
        static final MethodHandle COPY_FROM_ARRAY;
        static final MethodHandle COPY_INTO_ARRAY;
        static final MethodHandle SYSCALL;

        static {
            Linker linker = Linker.nativeLinker();
            var lookup = linker.defaultLookup();
            var number = ValueLayout.JAVA_LONG;
            var segment = ValueLayout.ADDRESS;
            MemorySegment memcpy = lookup.find("memcpy").orElseThrow();
            COPY = linker.downcallHandle(memcpy, FunctionDescriptor.ofVoid(number, number, number, segment, segment),
                    Linker.Option.critical(false));
            COPY_FROM_ARRAY = linker.downcallHandle(memcpy, FunctionDescriptor.ofVoid(number, segment, number, segment),
                    Linker.Option.critical(true));
            COPY_INTO_ARRAY = linker.downcallHandle(memcpy, FunctionDescriptor.ofVoid(segment, number, number, segment),
                    Linker.Option.critical(true));
            SYSCALL = linker.downcallHandle(lookup.find("syscall").orElseThrow(),
                    FunctionDescriptor.of(number, number, number, number, number, number), Linker.Option.firstVariadicArg(1));
        }

        private Calls() {}
    }

    private final int futexNumber;
    private final int membarrierNumber;
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
        Objects.checkFromIndexSize(fromOffset, bytes, from.byteSize());
        Objects.checkFromIndexSize(toOffset, bytes, to.byteSize());
        try {
            for (long at = 0; at < bytes;) {
                long n = Math.min(PIECE_BYTES, bytes - at);
                copyPiece(from, fromOffset + at, to, toOffset + at, n);
                at += n;
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void copyPiece(MemorySegment from, long fromOffset, MemorySegment to, long toOffset, long n) throws Throwable {
        if (!from.isNative()) {
            if (!to.isNative()) {
                MemorySegment.copy(from, fromOffset, to, toOffset, n);
                return;
            }
            Calls.COPY_FROM_ARRAY.invokeExact(to.address() + toOffset, startingAt(from, fromOffset), n, to);
        } else if (!to.isNative()) {
            Calls.COPY_INTO_ARRAY.invokeExact(startingAt(to, toOffset), from.address() + fromOffset, n, from);
        } else {
            Calls.COPY.invokeExact(to.address() + toOffset, from.address() + fromOffset, n, to, from);
        }
    }

    private static MemorySegment startingAt(MemorySegment array, long offset) {
        return offset == 0 ? array : array.asSlice(offset);
    }

    /**
     * Sleeps while a 32-bit word holds a value, until woken or the time is over.
     *
     * @param word its address; the caller keeps it mapped (else it does not sleep)
     * @param time {@value #TIME_BYTES} bytes, aligned to 8, which this thread alone uses
     */
    public void futexWait(long word, int value, long timeoutNs, MemorySegment time) {
        time.set(ValueLayout.JAVA_LONG, 0, timeoutNs / 1_000_000_000L);
        time.set(ValueLayout.JAVA_LONG, 8, timeoutNs % 1_000_000_000L);
        call(futexNumber, word, FUTEX_WAIT, value, time.address());
    }

    /** Wakes whoever sleeps on the word at this address; nobody if nothing is mapped there. */
    public void futexWake(long word) {
        call(futexNumber, word, FUTEX_WAKE, Integer.MAX_VALUE, 0);
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
        return call(membarrierNumber, command, 0, 0, 0);
    }

    private static long call(int number, long a, long b, long c, long d) {
        try {
            return (long) Calls.SYSCALL.invokeExact((long) number, a, b, c, d);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
