package org.jadi.mpi;

import java.lang.foreign.MemorySegment;
import org.jadi.mpi.collective.Port;

/** Messages of one collective operation: in the communicator's context for these, with a tag for each operation. */
final class CollectivePort implements Port {
    private final Transfer transfer;
    private final String operation;

    /** Set before each start. */
    int tag;

    CollectivePort(Transfer transfer, String operation) {
        this.transfer = transfer;
        this.operation = operation;
    }

    @Override
    public void send(org.jadi.adi.request.Request request, MemorySegment memory, long offset, long bytes, int dest) {
        transfer.startSend(request, request, SendKind.STANDARD, operation, memory, offset, bytes, null, dest, tag);
    }

    @Override
    public void receive(org.jadi.adi.request.Request request, MemorySegment memory, long offset, long bytes, int source) {
        transfer.startReceive(request, operation, memory, offset, bytes, null, source, tag);
    }

    @Override
    public void defer(Runnable continuation) {
        transfer.engine.defer(continuation);
    }
}
