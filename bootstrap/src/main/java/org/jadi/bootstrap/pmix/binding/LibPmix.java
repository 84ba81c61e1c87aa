package org.jadi.bootstrap.pmix.binding;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * libpmix. Calls return PMIx status codes, 0 for success, unless they say otherwise. Any thread, after {@link #init}.
 *
 * <pre>
 *  pmix_proc_t  260 bytes: nspace char[256] at 0, rank uint32 at 256
 *  pmix_value_t  32 bytes: type uint16 at 0, data union at 8
 *  pmix_info_t  552 bytes: key char[512] at 0, flags uint32 at 512, value at 520
 * </pre>
 */
public final class LibPmix {
    static final StructLayout PROC = MemoryLayout.structLayout(
            MemoryLayout.sequenceLayout(256, JAVA_BYTE).withName("nspace"), JAVA_INT.withName("rank"));
    static final StructLayout VALUE = MemoryLayout.structLayout(JAVA_SHORT.withName("type"), MemoryLayout.paddingLayout(6),
            MemoryLayout.sequenceLayout(3, JAVA_LONG).withName("data"));
    static final StructLayout INFO = MemoryLayout.structLayout(MemoryLayout.sequenceLayout(512, JAVA_BYTE).withName("key"),
            JAVA_INT.withName("flags"), MemoryLayout.paddingLayout(4), VALUE.withName("value"));

    private static final int RANK_WILDCARD = -2;
    private static final byte GLOBAL = 3;
    private static final short TYPE_BOOL = 1;
    private static final short TYPE_STRING = 3;
    private static final short TYPE_UINT16 = 13;
    private static final long RANK_OFFSET = 256;
    private static final long DATA_OFFSET = 8;
    private static final long INFO_VALUE_OFFSET = 520;
    private static final long LONGEST_STRING = 1L << 30;

    private final MethodHandle init;
    private final MethodHandle put;
    private final MethodHandle commit;
    private final MethodHandle fence;
    private final MethodHandle get;
    private final MethodHandle abort;
    private final MethodHandle finish;
    private final MethodHandle errorText;
    private final MethodHandle free;
    private final MemorySegment self = Arena.ofAuto().allocate(PROC);

    private LibPmix(Linker linker, SymbolLookup names) {
        init = link(linker, names, "PMIx_Init", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG));
        put = link(linker, names, "PMIx_Put", FunctionDescriptor.of(JAVA_INT, JAVA_BYTE, ADDRESS, ADDRESS));
        commit = link(linker, names, "PMIx_Commit", FunctionDescriptor.of(JAVA_INT));
        fence = link(linker, names, "PMIx_Fence", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG));
        get = link(linker, names, "PMIx_Get", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
        abort = link(linker, names, "PMIx_Abort", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG));
        finish = link(linker, names, "PMIx_Finalize", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
        errorText = link(linker, names, "PMIx_Error_string", FunctionDescriptor.of(ADDRESS, JAVA_INT));
        free = link(linker, linker.defaultLookup(), "free", FunctionDescriptor.ofVoid(ADDRESS));
    }

    /**
     * Loads the library.
     *
     * @param name file name or path, such as {@code libpmix.so.2}
     * @throws IllegalArgumentException if there is none, or it lacks a function
     */
    @SuppressWarnings("restricted") // PMIx is defined as a C library
    public static LibPmix load(String name) {
        Linker linker = Linker.nativeLinker();
        return new LibPmix(linker, SymbolLookup.libraryLookup(name, Arena.global()));
    }

    @SuppressWarnings("restricted")
    private static MethodHandle link(Linker linker, SymbolLookup names, String name, FunctionDescriptor shape) {
        MemorySegment address = names.find(name)
                .orElseThrow(() -> new IllegalArgumentException("the library has no function " + name));
        return linker.downcallHandle(address, shape);
    }

    /** Joins the server that the environment names. */
    public int init() {
        return status(() -> (int) init.invokeExact(self, MemorySegment.NULL, 0L));
    }

    /** Returns this process's rank; after {@link #init}. */
    public int rank() {
        return self.get(JAVA_INT, RANK_OFFSET);
    }

    /** Stores a text of this rank. */
    public int put(String key, String text) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(VALUE);
            value.set(JAVA_SHORT, 0, TYPE_STRING);
            value.set(ADDRESS, DATA_OFFSET, arena.allocateFrom(text));
            MemorySegment name = arena.allocateFrom(key);
            return status(() -> (int) put.invokeExact(GLOBAL, name, value));
        }
    }

    /** Hands what was put to the server. */
    public int commit() {
        return status(() -> (int) commit.invokeExact());
    }

    /** Waits for all processes of the job; what they committed is then here. */
    public int fence() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment collect = arena.allocate(INFO);
            collect.setString(0, "pmix.collect");
            collect.set(JAVA_SHORT, INFO_VALUE_OFFSET, TYPE_BOOL);
            collect.set(JAVA_BYTE, INFO_VALUE_OFFSET + DATA_OFFSET, (byte) 1);
            return status(() -> (int) fence.invokeExact(MemorySegment.NULL, 0L, collect, 1L));
        }
    }

    /** Returns a text that a rank stored, or null where there is none. */
    public String text(int rank, String key) {
        return value(rank, key, LibPmix::asText);
    }

    /** Returns a number that the server knows of the whole job, or -1. */
    public int jobNumber(String key) {
        Integer number = value(RANK_WILDCARD, key, LibPmix::asNumber);
        return number == null ? -1 : number;
    }

    /** Ends the job; returns when the server was told. */
    public int abort(int code, String reason) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(reason);
            return status(() -> (int) abort.invokeExact(code, text, MemorySegment.NULL, 0L));
        }
    }

    /** Leaves the server. */
    public int finish() {
        return status(() -> (int) finish.invokeExact(MemorySegment.NULL, 0L));
    }

    /** Returns what a status means. */
    @SuppressWarnings("restricted")
    public String meaning(int status) {
        try {
            return ((MemorySegment) errorText.invokeExact(status)).reinterpret(256).getString(0);
        } catch (Throwable e) {
            return "status " + status;
        }
    }

    private interface Reading<T> {
        T of(MemorySegment value);
    }

    @SuppressWarnings("restricted")
    private <T> T value(int rank, String key, Reading<T> reading) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment owner = arena.allocate(PROC).copyFrom(self);
            owner.set(JAVA_INT, RANK_OFFSET, rank);
            MemorySegment found = arena.allocate(ADDRESS);
            MemorySegment name = arena.allocateFrom(key);
            if (status(() -> (int) get.invokeExact(owner, name, MemorySegment.NULL, 0L, found)) != 0) {
                return null;
            }
            MemorySegment value = found.get(ADDRESS, 0).reinterpret(VALUE.byteSize());
            T result = reading.of(value);
            if (value.get(JAVA_SHORT, 0) == TYPE_STRING) {
                release(value.get(ADDRESS, DATA_OFFSET));
            }
            release(value);
            return result;
        }
    }

    @SuppressWarnings("restricted")
    private static String asText(MemorySegment value) {
        return value.get(JAVA_SHORT, 0) != TYPE_STRING ? null
                : value.get(ADDRESS, DATA_OFFSET).reinterpret(LONGEST_STRING).getString(0);
    }

    /** Servers give the same number in different widths: the type says which. */
    private static Integer asNumber(MemorySegment value) {
        return value.get(JAVA_SHORT, 0) == TYPE_UINT16 ? value.get(JAVA_SHORT, DATA_OFFSET) & 0xffff
                : value.get(JAVA_INT, DATA_OFFSET);
    }

    private void release(MemorySegment memory) {
        try {
            free.invokeExact(memory);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Call {
        int run() throws Throwable;
    }

    private static int status(Call call) {
        try {
            return call.run();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
