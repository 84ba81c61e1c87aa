package org.jadi.bench;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jadi.mpi.Comm;
import org.jadi.mpi.Datatype;
import org.jadi.mpi.Mpi;
import org.jadi.mpi.Op;
import org.jadi.mpi.Request;
import org.jadi.mpi.Status;

/** Memory of {@code Mpi.allocate}, which devices may reach without a copy. */
final class AllocatedPayload implements Payload {

    private static final ValueLayout.OfLong LONG = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment send;
    private final MemorySegment recv;
    private final MemorySegment numbers;
    private final MemorySegment sums;

    AllocatedPayload(Mpi mpi) {
        send = mpi.allocate(Kernel.BUFFER_BYTES);
        recv = mpi.allocate(Kernel.BUFFER_BYTES);
        numbers = mpi.allocate((long) MAX_NUMBERS * Double.BYTES);
        sums = mpi.allocate((long) MAX_NUMBERS * Double.BYTES);
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
    public void rewriteNumbers(int count, double stamp) {
        MemorySegment numbers = this.numbers;
        for (int i = 0; i < count; i += LINE_BYTES / Double.BYTES) {
            numbers.setAtIndex(JAVA_DOUBLE, i, stamp);
        }
    }

    @Override
    public void bcast(Comm comm, int size, int root, boolean here) {
        comm.bcast(here ? send : recv, size, Datatype.BYTE, root);
    }

    @Override
    public void reduce(Comm comm, int count, int root) {
        comm.reduce(numbers, count, Datatype.DOUBLE, sums, count, Datatype.DOUBLE, Op.SUM, root);
    }

    @Override
    public void allreduce(Comm comm, int count) {
        comm.allreduce(numbers, count, Datatype.DOUBLE, sums, count, Datatype.DOUBLE, Op.SUM);
    }

    @Override
    public void allgather(Comm comm, int size) {
        comm.allgather(send, size, Datatype.BYTE, recv, (long) size * comm.size(), Datatype.BYTE);
    }

    @Override
    public void alltoall(Comm comm, int size) {
        long all = (long) size * comm.size();
        comm.alltoall(send, all, Datatype.BYTE, recv, all, Datatype.BYTE);
    }

    @Override
    public void setNumber(int index, double value) {
        numbers.setAtIndex(JAVA_DOUBLE, index, value);
    }

    @Override
    public double sum(int index) {
        return sums.getAtIndex(JAVA_DOUBLE, index);
    }

    @Override
    public void clearSums(int count) {
        for (int i = 0; i < count; i++) {
            sums.setAtIndex(JAVA_DOUBLE, i, Double.NaN);
        }
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
