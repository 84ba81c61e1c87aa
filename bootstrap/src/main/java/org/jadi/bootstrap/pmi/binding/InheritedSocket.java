package org.jadi.bootstrap.pmi.binding;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Objects;

/**
 * A socket that this process inherited by number. One thread may read while another writes; {@link #close} ends both.
 */
public final class InheritedSocket implements AutoCloseable {
    private static final int BUFFER_BYTES = 8192;
    private static final int INTERRUPTED = 4;
    private static final int BAD_DESCRIPTOR = 9;
    private static final int NO_SOCKET = 88;
    private static final int BOTH_DIRECTIONS = 2;
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));

    private final int number;
    private final MethodHandle read;
    private final MethodHandle write;
    private final MethodHandle shutdown;
    private final MethodHandle close;
    private final Arena arena = Arena.ofAuto();

    /** Takes over a descriptor; nothing is checked before the first transfer. */
    @SuppressWarnings("restricted") // the inherited socket can be reached in no other way
    public InheritedSocket(int number) {
        this.number = number;
        Linker linker = Linker.nativeLinker();
        var names = linker.defaultLookup();
        var transfer = FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG);
        var errno = Linker.Option.captureCallState("errno");
        read = linker.downcallHandle(names.find("read").orElseThrow(), transfer, errno);
        write = linker.downcallHandle(names.find("write").orElseThrow(), transfer, errno);
        shutdown = linker.downcallHandle(names.find("shutdown").orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        close = linker.downcallHandle(names.find("close").orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    }

    /** Returns what comes in. */
    public InputStream input() {
        return new Input();
    }

    /** Returns what goes out; unbuffered. */
    public OutputStream output() {
        return new Output();
    }

    /** Ends reads that wait, and gives the descriptor back. Once. */
    @Override
    public void close() {
        try {
            // A close alone does not end a read that another thread is in.
            int ignored = (int) shutdown.invokeExact(number, BOTH_DIRECTIONS);
            int alsoIgnored = (int) close.invokeExact(number);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads or writes once; goes on after a signal. */
    private int transfer(MethodHandle call, MemorySegment state, MemorySegment buffer, int length) throws IOException {
        while (true) {
            long n;
            try {
                n = (long) call.invokeExact(state, number, buffer, (long) length);
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
            if (n >= 0) {
                return (int) n;
            }
            int errno = (int) ERRNO.get(state, 0L);
            if (errno == BAD_DESCRIPTOR || errno == NO_SOCKET) {
                throw new IOException("descriptor " + number + " is not open in this process");
            }
            if (errno != INTERRUPTED) {
                throw new IOException("descriptor " + number + " failed: errno=" + errno);
            }
        }
    }

    private final class Input extends InputStream {
        private final MemorySegment buffer = arena.allocate(BUFFER_BYTES);
        private final MemorySegment state = arena.allocate(STATE);

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            if (length == 0) {
                return 0;
            }
            int n = transfer(read, state, buffer, Math.min(length, BUFFER_BYTES));
            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, offset, n);
            return n == 0 ? -1 : n;
        }
    }

    private final class Output extends OutputStream {
        private final MemorySegment buffer = arena.allocate(BUFFER_BYTES);
        private final MemorySegment state = arena.allocate(STATE);

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            for (int at = 0; at < length;) {
                int n = Math.min(length - at, BUFFER_BYTES);
                MemorySegment.copy(bytes, offset + at, buffer, ValueLayout.JAVA_BYTE, 0, n);
                at += transfer(write, state, buffer, n);
            }
        }
    }
}
