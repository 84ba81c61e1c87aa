package org.jadi.bench;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jadi.mpi.Comm;
import org.jadi.mpi.Op;
import org.jadi.mpi.Request;
import org.jadi.mpi.Status;

/** Plain arrays, as most programs have them. */
final class HeapPayload implements Payload {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] send = new byte[Kernel.BUFFER_BYTES];
    private final byte[] recv = new byte[Kernel.BUFFER_BYTES];
    private final double[] numbers = new double[MAX_NUMBERS];
    private final double[] sums = new double[MAX_NUMBERS];

    @Override
    public void rewrite(int at, int size, long stamp) {
        byte[] send = this.send;
        if (size < 8) {
            if (size > 0) {
                send[at] = (byte) stamp;
            }
            return;
        }
        for (int i = at; i + 8 <= at + size; i += LINE_BYTES) {
            LONG.set(send, i, stamp);
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
        double[] numbers = this.numbers;
        for (int i = 0; i < count; i += LINE_BYTES / Double.BYTES) {
            numbers[i] = stamp;
        }
    }

    @Override
    public void bcast(Comm comm, int size, int root, boolean here) {
        comm.bcast(here ? send : recv, 0, size, root);
    }

    @Override
    public void reduce(Comm comm, int count, int root) {
        comm.reduce(numbers, 0, count, sums, 0, count, Op.SUM, root);
    }

    @Override
    public void allreduce(Comm comm, int count) {
        comm.allreduce(numbers, 0, count, sums, 0, count, Op.SUM);
    }

    @Override
    public void allgather(Comm comm, int size) {
        comm.allgather(send, 0, size, recv, 0, size * comm.size());
    }

    @Override
    public void alltoall(Comm comm, int size) {
        comm.alltoall(send, 0, size * comm.size(), recv, 0, size * comm.size());
    }

    @Override
    public void setNumber(int index, double value) {
        numbers[index] = value;
    }

    @Override
    public double sum(int index) {
        return sums[index];
    }

    @Override
    public void clearSums(int count) {
        Arrays.fill(sums, 0, count, Double.NaN);
    }

    @Override
    public void fill(int at, int size, long seed) {
        int i = 0;
        for (; i + 8 <= size; i += 8) {
            LONG.set(send, at + i, Payload.word(seed, i / 8));
        }
        for (; i < size; i++) {
            send[at + i] = Payload.tail(seed, i);
        }
    }

    @Override
    public void clear(int size) {
        Arrays.fill(recv, 0, size, (byte) 0xEE);
    }

    @Override
    public long wrongBytes(int at, int size, long seed, long stamp) {
        long wrong = 0;
        int i = 0;
        for (; i + 8 <= size; i += 8) {
            long expected = stamp >= 0 && i % LINE_BYTES == 0 ? stamp : Payload.word(seed, i / 8);
            if ((long) LONG.get(recv, at + i) != expected) {
                wrong += 8;
            }
        }
        for (; i < size; i++) {
            byte expected = stamp >= 0 && i == 0 ? (byte) stamp : Payload.tail(seed, i);
            if (recv[at + i] != expected) {
                wrong++;
            }
        }
        return wrong;
    }
}
