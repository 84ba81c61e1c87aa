package org.jadi.bench;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jadi.mpi.Comm;
import org.jadi.mpi.Request;
import org.jadi.mpi.Status;

/** Plain arrays, as most programs have them. */
final class HeapPayload implements Payload {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] send = new byte[Kernel.BUFFER_BYTES];
    private final byte[] recv = new byte[Kernel.BUFFER_BYTES];

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
