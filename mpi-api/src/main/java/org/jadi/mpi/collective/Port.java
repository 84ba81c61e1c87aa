package org.jadi.mpi.collective;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.engine.Continuation;
import org.jadi.adi.request.Request;

/** How the steps of one collective operation reach the other ranks. */
public interface Port {
    /** Starts a send; nonblocking. */
    void send(Request request, MemorySegment memory, long offset, long bytes, int dest);

    /** Starts a receive; nonblocking. */
    void receive(Request request, MemorySegment memory, long offset, long bytes, int source);

    /** Runs something soon on the thread that polls for this rank, outside all locks. */
    void defer(Continuation continuation);
}
