package org.jadi.scopes.binding;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The system calls of Linux that bind threads and memory. Any thread; never call it from a virtual thread, whose carrier
 * would be meant.
 *
 * <p>All go through libc's {@code syscall}, so that one handle is linked, and C libraries that lack a wrapper do too.
 */
public final class Kernel {
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final int MOST_MASK_BYTES = 1 << 17; // a million CPUs

    private final MethodHandle syscall;
    private final int gettid;
    private final int setAffinity;
    private final int getAffinity;
    private final int mbind;

    private Kernel(MethodHandle syscall, boolean arm) {
        this.syscall = syscall;
        this.gettid = arm ? 178 : 186;
        this.setAffinity = arm ? 122 : 203;
        this.getAffinity = arm ? 123 : 204;
        this.mbind = arm ? 235 : 237;
    }

    /**
     * Links libc.
     *
     * @throws UnsupportedOperationException if this is not Linux on x86-64 or arm64, or native calls are not allowed; the
     *     message says which
     */
    @SuppressWarnings("restricted")
    public static Kernel link() {
        String arch = System.getProperty("os.arch");
        boolean arm = arch.equals("aarch64");
        if (!System.getProperty("os.name").equals("Linux") || !arm && !arch.equals("amd64")) {
            throw new UnsupportedOperationException("threads are bound on Linux on x86-64 and arm64 only: this is "
                    + System.getProperty("os.name") + " on " + arch);
        }
        try {
            Linker linker = Linker.nativeLinker();
            var word = ValueLayout.JAVA_LONG;
            return new Kernel(linker.downcallHandle(linker.defaultLookup().find("syscall").orElseThrow(),
                    FunctionDescriptor.of(word, word, word, word, word, word, word, word), Linker.Option.firstVariadicArg(1),
                    Linker.Option.captureCallState("errno")), arm);
        } catch (RuntimeException | LinkageError e) {
            throw new UnsupportedOperationException("libc cannot be called (start java with --enable-native-access): " + e, e);
        }
    }

    /** Returns the number that the kernel gives the calling thread. */
    public long threadId() {
        try (Arena arena = Arena.ofConfined()) {
            return call(arena.allocate(CALL_STATE), gettid, 0, 0, 0, 0, 0, 0);
        }
    }

    /**
     * Binds a thread to the CPUs whose bits are set; returns 0, or the error number. Which CPUs the kernel really took is to
     * be read back: it leaves those out that it does not allow.
     *
     * @param thread the kernel's number, 0 for the calling thread
     */
    public int bind(long thread, long[] words) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            MemorySegment mask = arena.allocateFrom(ValueLayout.JAVA_LONG, words.length == 0 ? new long[1] : words);
            long result = call(state, setAffinity, thread, mask.byteSize(), mask.address(), 0, 0, 0);
            return result < 0 ? (int) ERRNO.get(state, 0L) : 0;
        }
    }

    /** Returns the CPUs to which a thread (0: the calling one) is bound as bits, or null if there is no such thread. */
    public long[] bound(long thread) {
        // The kernel refuses a mask that is shorter than its own, whose length it tells nobody.
        for (int bytes = 128; bytes <= MOST_MASK_BYTES; bytes *= 4) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment state = arena.allocate(CALL_STATE);
                MemorySegment mask = arena.allocate(bytes, Long.BYTES);
                long result = call(state, getAffinity, thread, bytes, mask.address(), 0, 0, 0);
                if (result >= 0) {
                    return mask.toArray(ValueLayout.JAVA_LONG);
                }
                if ((int) ERRNO.get(state, 0L) != 22) { // EINVAL
                    return null;
                }
            }
        }
        return null;
    }

    /**
     * Sets the memory policy of whole pages; returns 0, or the error number.
     *
     * @param memory native memory that begins on a page
     * @param mode MPOL_DEFAULT 0, PREFERRED 1, BIND 2, INTERLEAVE 3, LOCAL 4
     * @param nodes bits of the memory nodes
     * @param flags MPOL_MF_STRICT 1, MOVE 2
     */
    public int bindMemory(MemorySegment memory, int mode, long[] nodes, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            MemorySegment mask = arena.allocateFrom(ValueLayout.JAVA_LONG, nodes.length == 0 ? new long[1] : nodes);
            // The kernel takes one bit less than it is told.
            long result = call(state, mbind, memory.address(), memory.byteSize(), mode, nodes.length == 0 ? 0 : mask.address(),
                    nodes.length == 0 ? 0 : mask.byteSize() * 8 + 1, flags);
            return result < 0 ? (int) ERRNO.get(state, 0L) : 0;
        }
    }

    private long call(MemorySegment state, long number, long a, long b, long c, long d, long e, long f) {
        try {
            return (long) syscall.invokeExact(state, number, a, b, c, d, e, f);
        } catch (RuntimeException | Error problem) {
            throw problem;
        } catch (Throwable problem) {
            throw new IllegalStateException(problem);
        }
    }
}
