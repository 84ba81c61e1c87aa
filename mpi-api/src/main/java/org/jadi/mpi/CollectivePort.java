package org.jadi.mpi;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.engine.Continuation;
import org.jadi.mpi.collective.Port;

/** Messages of one collective operation: in the communicator's context for these, with a tag for each operation. */
final class CollectivePort implements Port {
    private final Transfer transfer;

    /** The ranks of our own group, which come first; null where there is one group. */
    private final Transfer within;
    private final int near;
    private final String operation;

    /** Set before each start. */
    int tag;

    CollectivePort(Transfer transfer, Transfer within, String operation) {
        this.transfer = transfer;
        this.within = within;
        this.near = within == null ? 0 : within.peers.size;
        this.operation = operation;
    }

    @Override
    public void send(org.jadi.adi.request.Request request, MemorySegment memory, long offset, long bytes, int dest) {
        Transfer t = dest < near ? within : transfer;
        t.startSend(request, request, SendKind.STANDARD, operation, memory, offset, bytes, null, dest < near ? dest : dest - near,
                tag);
    }

    @Override
    public void receive(org.jadi.adi.request.Request request, MemorySegment memory, long offset, long bytes, int source) {
        Transfer t = source < near ? within : transfer;
        t.startReceive(request, operation, memory, offset, bytes, null, source < near ? source : source - near, tag);
    }

    @Override
    public void defer(Continuation continuation) {
        transfer.engine.defer(continuation);
    }
}
