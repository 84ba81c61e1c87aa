package org.jadi.mpi;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.request.PackPlan;

/** The receive of a message of unknown length: the memory is made when the message is matched. */
final class ObjectPlan implements PackPlan {
    private final long limitBytes;
    private byte[] message = {};

    ObjectPlan(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    @Override
    public long bytes() {
        return limitBytes;
    }

    @Override
    public void matched(long messageBytes) {
        message = new byte[(int) Math.min(messageBytes, limitBytes)];
    }

    @Override
    public void pack(long first, MemorySegment target, long targetOffset, int length) {
        throw new UnsupportedOperationException("only received into");
    }

    @Override
    public void unpack(long first, MemorySegment source, long sourceOffset, int length) {
        MemorySegment.copy(source, sourceOffset, MemorySegment.ofArray(message), first, length);
    }

    byte[] message() {
        return message;
    }
}
