package org.jadi.bench;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jadi.mpi.Comm;
import org.jadi.mpi.Mpi;
import org.jadi.mpi.Request;
import org.jadi.mpi.Status;

/** Memory of {@code Mpi.allocate}, which devices may reach without a copy. */
final class AllocatedPayload implements Payload {

    private static final ValueLayout.OfLong LONG = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment send;
    private final MemorySegment recv;

    AllocatedPayload(Mpi mpi) {
        send = mpi.allocate(Kernel.BUFFER_BYTES);
        recv = mpi.allocate(Kernel.BUFFER_BYTES);
    }

    @Override
    public void rewrite(int at, int size, long stamp) {
        MemorySegment send = this.send;
        if (size < 8) {
            if (size > 0) {
                send.set(JAVA_BYTE, at, (byte) stamp);
            }
            return;
        }
        for (int i = at; i + 8 <= at + size; i += LINE_BYTES) {
            send.set(LONG, i, stamp);
        }
    }

    @Override
    public void send(Comm comm, int size, int destination, int tag) {
        comm.send(send, 0, size, destination, tag);
    }

    @Override
    public Status recv(Comm comm, int size, int source, int tag) {
        return comm.recv(recv, 0, size, source, tag);
    }

    @Override
    public Request isend(Comm comm, int at, int size, int destination, int tag) {
        return comm.isend(send, at, size, destination, tag);
    }

    @Override
    public Request irecv(Comm comm, int at, int size, int source, int tag) {
        return comm.irecv(recv, at, size, source, tag);
    }

    @Override
    public void fill(int at, int size, long seed) {
        int i = 0;
        for (; i + 8 <= size; i += 8) {
            send.set(LONG, at + i, Payload.word(seed, i / 8));
        }
        for (; i < size; i++) {
            send.set(JAVA_BYTE, at + i, Payload.tail(seed, i));
        }
    }

    @Override
    public void clear(int size) {
        recv.asSlice(0, size).fill((byte) 0xEE);
    }

    @Override
    public long wrongBytes(int at, int size, long seed, long stamp) {
        long wrong = 0;
        int i = 0;
        for (; i + 8 <= size; i += 8) {
            long expected = stamp >= 0 && i % LINE_BYTES == 0 ? stamp : Payload.word(seed, i / 8);
            if (recv.get(LONG, at + i) != expected) {
                wrong += 8;
            }
        }
        for (; i < size; i++) {
            byte expected = stamp >= 0 && i == 0 ? (byte) stamp : Payload.tail(seed, i);
            if (recv.get(JAVA_BYTE, at + i) != expected) {
                wrong++;
            }
        }
        return wrong;
    }
}
