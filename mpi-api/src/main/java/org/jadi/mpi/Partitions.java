package org.jadi.mpi;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import org.jadi.adi.request.Car;
import org.jadi.adi.request.PackPlan;

/**
 * Partitioned communication of one communicator. A partition is a message of its own, in a context of its own, with a tag
 * that the sender has chosen; the init call of the sender tells tag and sizes to the receiver, in a message with the
 * user's tag, so that the order of messages is the order of matching. docs/adr/0026.
 */
final class Partitions {
    private final Comm comm;
    private final AtomicInteger nextTag = new AtomicInteger();
    private Transfer matching;
    private Transfer data;

    Partitions(Comm comm) {
        this.comm = comm;
    }

    /** Returns the messages that match sends and receives. */
    synchronized Transfer matching() {
        if (matching == null) {
            matching = comm.internal(Contexts.PARTITIONED);
        }
        return matching;
    }

    /** Returns the messages that are partitions. */
    synchronized Transfer data() {
        if (data == null) {
            data = comm.internal(Contexts.PARTITIONS);
        }
        return data;
    }

    /** Takes a row of tags; after 2^31 they begin again. */
    int takeTags(int number) {
        for (;;) {
            int first = nextTag.get();
            int start = first > Integer.MAX_VALUE - number ? 0 : first;
            if (nextTag.compareAndSet(first, start + number)) {
                return start;
            }
        }
    }

    PartitionedSend send(MemorySegment memory, int partitions, long count, Datatype type, int dest, int tag, Info hints) {
        Transfer t = comm.transfer;
        boolean none = !t.mayTalk(dest, tag) && t.checkSend("psendInit", dest, tag);
        Area area = area("psendInit", memory, partitions, count, type, hints);
        return new PartitionedSend(this, area, none ? Comm.PROC_NULL : dest, tag);
    }

    PartitionedReceive receive(MemorySegment memory, int partitions, long count, Datatype type, int source, int tag, Info hints) {
        Transfer t = comm.transfer;
        boolean none = !t.mayTalk(source, tag) && checkNoWildcard(source, tag);
        Area area = area("precvInit", memory, partitions, count, type, hints);
        return new PartitionedReceive(this, area, none ? Comm.PROC_NULL : source, tag);
    }

    /** As {@link #send}, of all {@code length} elements of an array in equal parts. */
    PartitionedSend sendEqually(MemorySegment array, int length, int partitions, Datatype type, int dest, int tag) {
        return send(array, partitions, each("psendInit", length, partitions), type, dest, tag, new Info());
    }

    /** As {@link #receive}, into all {@code length} elements of an array in equal parts. */
    PartitionedReceive receiveEqually(MemorySegment array, int length, int partitions, Datatype type, int source, int tag) {
        return receive(array, partitions, each("precvInit", length, partitions), type, source, tag, new Info());
    }

    private boolean checkNoWildcard(int source, int tag) {
        if (source == Comm.ANY_SOURCE || tag == Comm.ANY_TAG) {
            throw comm.transfer.error(source == Comm.ANY_SOURCE ? ErrorClass.RANK : ErrorClass.TAG, "precvInit",
                    "partitioned receives have no wildcards: source=" + source + " tag=" + tag, null);
        }
        return comm.transfer.checkReceive("precvInit", source, tag);
    }

    /** Returns the elements of a partition. */
    private long each(String call, int length, int partitions) {
        if (partitions < 1 || length % partitions != 0) {
            throw comm.transfer.error(ErrorClass.COUNT, call, "the partitions are equal parts of the array: length=" + length
                    + " partitions=" + partitions, null);
        }
        return length / partitions;
    }

    private Area area(String call, MemorySegment memory, int partitions, long count, Datatype type, Info hints) {
        Transfer t = comm.transfer;
        t.checkUsable(call);
        if (partitions < 1 || hints == null) {
            throw t.error(hints == null ? ErrorClass.INFO : ErrorClass.ARG, call, hints == null ? "the info is null"
                    : "there is at least one partition: partitions=" + partitions, null);
        }
        if (t.instance.isConfined(memory)) {
            throw t.error(ErrorClass.BUFFER, call, "partitions become ready on any thread, so the memory cannot be that of a"
                    + " confined arena; use Arena.ofShared", null);
        }
        TypedBuffer.checkType(t, call, count, type);
        long all;
        try {
            all = Math.multiplyExact(count, partitions);
        } catch (ArithmeticException e) {
            throw t.error(ErrorClass.COUNT, call, "the number of elements must fit into a long: count=" + count + " partitions="
                    + partitions, null);
        }
        TypedBuffer b = TypedBuffer.untyped(t, call, memory, 0, all, type);
        return new Area(b, partitions, b.bytes / partitions);
    }

    /**
     * The memory of all partitions.
     *
     * @param each bytes of a partition in the message
     */
    record Area(TypedBuffer buffer, int partitions, long each) {
        long bytes() {
            return buffer.bytes;
        }

        /** Starts to receive a part of the message, of which there may be less. */
        void receive(Transfer t, Car piece, long first, long bytes, int source, int tag) {
            if (buffer.plan == null) {
                t.startReceive(piece, "precvInit", buffer.segment, buffer.offset + first, bytes, null, source, tag);
            } else {
                t.startReceive(piece, "precvInit", null, 0, bytes, new Part(buffer.plan, first, bytes), source, tag);
            }
        }

        /** Starts to send a partition. */
        void send(Transfer t, org.jadi.adi.request.Request request, Car piece, int partition, int dest, int tag) {
            if (buffer.plan == null) {
                t.startSend(request, piece, SendKind.STANDARD, "psendInit", buffer.segment, buffer.offset + partition * each, each,
                        null, dest, tag);
            } else {
                t.startSend(request, piece, SendKind.STANDARD, "psendInit", null, 0, each,
                        new Part(buffer.plan, partition * each, each), dest, tag);
            }
        }
    }

    /** A part of a message as a message of its own. */
    private record Part(PackPlan whole, long begin, long bytes) implements PackPlan {
        @Override
        public void pack(long first, MemorySegment target, long targetOffset, int length) {
            whole.pack(begin + first, target, targetOffset, length);
        }

        @Override
        public void unpack(long first, MemorySegment source, long sourceOffset, int length) {
            whole.unpack(begin + first, source, sourceOffset, length);
        }

        @Override
        public MemorySegment memory() {
            return whole.memory();
        }
    }
}
