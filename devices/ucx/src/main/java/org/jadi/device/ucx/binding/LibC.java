package org.jadi.device.ucx.binding;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** The environment, {@code poll} and {@code eventfd} of libc. Any thread. */
public final class LibC {
    private static final short POLLIN = 1;
    private static final int POLLFD_BYTES = 8;

    private static final MethodHandle SETENV = link("setenv", FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final MethodHandle UNSETENV = link("unsetenv", FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS));
    private static final MethodHandle GETENV = link("getenv", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    private static final MethodHandle POLL = link("poll", FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    private static final MethodHandle EVENTFD = link("eventfd", FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle EVENTFD_WRITE = link("eventfd_write", FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
    private static final MethodHandle CLOSE = link("close", FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT));

    /** Largest piece of one copy: the call is critical, so this bounds the time in which no safepoint is reached. */
    private static final int PIECE_BYTES = 64 << 10;

    private static final long MEMBARRIER = 324; // x86-64, as all that jucx is published for
    private static final int MEMBARRIER_GLOBAL_EXPEDITED = 1 << 1;
    private static final int MEMBARRIER_REGISTER_GLOBAL_EXPEDITED = 1 << 2;

    /** Linked when a way is opened that needs them. */
    @SuppressWarnings("restricted")
    private static final class Calls {
        static final MethodHandle MEMCPY = Linker.nativeLinker().downcallHandle(
                Linker.nativeLinker().defaultLookup().find("memcpy").orElseThrow(),
                FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG),
                Linker.Option.critical(true));
        static final MethodHandle SYSCALL = Linker.nativeLinker().downcallHandle(
                Linker.nativeLinker().defaultLookup().find("syscall").orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG), Linker.Option.firstVariadicArg(1));
        static final boolean BARRIERS = membarrier(MEMBARRIER_REGISTER_GLOBAL_EXPEDITED) == 0;

        private Calls() {}

        static long membarrier(int command) {
            try {
                return (long) SYSCALL.invokeExact(MEMBARRIER, (long) command, 0L, 0L);
            } catch (Throwable e) {
                throw failed("membarrier", e);
            }
        }
    }

    private LibC() {}

    /** Copies bytes; heap arrays and native memory alike. */
    public static void copy(MemorySegment from, long fromOffset, MemorySegment to, long toOffset, long bytes) {
        try {
            for (long at = 0; at < bytes;) {
                long n = Math.min(PIECE_BYTES, bytes - at);
                Calls.MEMCPY.invokeExact(to.asSlice(toOffset + at, n), from.asSlice(fromOffset + at, n), n);
                at += n;
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw failed("memcpy", e);
        }
    }

    /** Returns whether {@link #barrier} works here, for this process as for others: the kernel has it, and knows of us. */
    public static boolean hasBarrier() {
        return Calls.BARRIERS;
    }

    /** Makes every running thread of every process that has asked {@link #hasBarrier} pass a full memory barrier. */
    public static void barrier() {
        Calls.membarrier(MEMBARRIER_GLOBAL_EXPEDITED);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle link(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), type);
    }

    /** Sets a variable of the process's environment, as native libraries see it, if it is not set. */
    static void setDefault(String name, String value) {
        if (getenv(name) == null) {
            setenv(name, value);
        }
    }

    /**
     * Sets a variable of the process's environment, as native libraries see it, or takes it away.
     *
     * @param value null to take it away
     * @return what it was, or null
     */
    static String setenv(String name, String value) {
        String before = getenv(name);
        try (Arena arena = Arena.ofConfined()) {
            int ignored = value == null ? (int) UNSETENV.invokeExact(arena.allocateFrom(name))
                    : (int) SETENV.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 1);
            return before;
        } catch (Throwable e) {
            throw failed("setenv", e);
        }
    }

    /** Returns a variable of the process's environment, as native libraries see it, or null. */
    @SuppressWarnings("restricted")
    static String getenv(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = (MemorySegment) GETENV.invokeExact(arena.allocateFrom(name));
            return value.address() == 0 ? null : value.reinterpret(Long.MAX_VALUE).getString(0);
        } catch (Throwable e) {
            throw failed("getenv", e);
        }
    }

    /** Returns a new event descriptor. */
    public static int eventfd() {
        try {
            return (int) EVENTFD.invokeExact(0, 0);
        } catch (Throwable e) {
            throw failed("eventfd", e);
        }
    }

    /** Makes an event descriptor readable. */
    public static void signal(int eventfd) {
        try {
            int ignored = (int) EVENTFD_WRITE.invokeExact(eventfd, 1L);
        } catch (Throwable e) {
            throw failed("eventfd_write", e);
        }
    }

    /** Closes a descriptor. */
    public static void close(int descriptor) {
        try {
            int ignored = (int) CLOSE.invokeExact(descriptor);
        } catch (Throwable e) {
            throw failed("close", e);
        }
    }

    /** Waits, without limit, until one of two descriptors is readable. Blocks the thread in native code. */
    public static void awaitReadable(int one, int other) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment fds = arena.allocate(2 * POLLFD_BYTES, 8);
            fds.set(ValueLayout.JAVA_INT, 0, one);
            fds.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
            fds.set(ValueLayout.JAVA_INT, POLLFD_BYTES, other);
            fds.set(ValueLayout.JAVA_SHORT, POLLFD_BYTES + 4, POLLIN);
            int ignored = (int) POLL.invokeExact(fds, 2L, -1);
        } catch (Throwable e) {
            throw failed("poll", e);
        }
    }

    private static IllegalStateException failed(String name, Throwable cause) {
        return new IllegalStateException("the call of " + name + " failed: " + cause, cause);
    }
}
