package org.jadi.mpi;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.request.Car;
import org.jadi.adi.request.PackPlan;

/** Send and receive in one call: one request of two pieces, the receive first. MPI 4.1 §3.11. */
final class Exchange {
    private Exchange() {}

    /** Sends and receives; blocking. Each buffer is a segment with offset and bytes, or a plan. */
    static Status run(Transfer t, MemorySegment out, long outOffset, long outBytes, PackPlan outPlan, int dest, int sendTag,
            MemorySegment in, long inOffset, long inBytes, PackPlan inPlan, int source, int recvTag) {
        return start(t, "sendrecv", out, outOffset, outBytes, outPlan, dest, sendTag, in, inOffset, inBytes, inPlan, source,
                recvTag).await();
    }

    /** Starts to send and receive. */
    static Request start(Transfer t, MemorySegment out, long outOffset, long outBytes, PackPlan outPlan, int dest, int sendTag,
            MemorySegment in, long inOffset, long inBytes, PackPlan inPlan, int source, int recvTag) {
        return start(t, "isendrecv", out, outOffset, outBytes, outPlan, dest, sendTag, in, inOffset, inBytes, inPlan, source,
                recvTag);
    }

    private static Request start(Transfer t, String operation, MemorySegment out, long outOffset, long outBytes,
            PackPlan outPlan, int dest, int sendTag, MemorySegment in, long inOffset, long inBytes, PackPlan inPlan, int source,
            int recvTag) {
        boolean noSend = !t.mayTalk(dest, sendTag) && t.checkSend(operation, dest, sendTag);
        boolean noReceive = !t.mayTalk(source, recvTag) && t.checkReceive(operation, source, recvTag);
        long bytes = outPlan == null ? outBytes : outPlan.bytes();
        if (noReceive) {
            if (noSend) {
                return new Request(t, null, Status.NO_PROCESS);
            }
            org.jadi.adi.request.Request sending = new org.jadi.adi.request.Request();
            t.startSend(sending, sending, SendKind.STANDARD, operation, out, outOffset, bytes, outPlan, dest, sendTag);
            return new Request(t, sending, Status.NO_PROCESS);
        }
        org.jadi.adi.request.Request request = new org.jadi.adi.request.Request();
        request.expect(noSend ? 1 : 2);
        t.startReceive(request, operation, in, inOffset, inBytes, inPlan, source, recvTag);
        if (!noSend) {
            try {
                t.startSend(request, new Car(request), SendKind.STANDARD, operation, out, outOffset, bytes, outPlan, dest, sendTag);
            } catch (RuntimeException | Error e) {
                t.engine.cancel(request); // the caller has no request, and may use the buffer for something else
                throw e;
            }
        }
        return new Request(t, request, null);
    }

    /** Sends a buffer, and receives another message into it; blocking. */
    static Status replace(Transfer t, MemorySegment memory, long offset, long bytes, PackPlan plan, int dest, int sendTag,
            int source, int recvTag) {
        return replace(t, "sendrecvReplace", memory, offset, bytes, plan, dest, sendTag, source, recvTag).await();
    }

    /** Starts to send a buffer, and to receive another message into it. */
    static Request replaceLater(Transfer t, MemorySegment memory, long offset, long bytes, PackPlan plan, int dest, int sendTag,
            int source, int recvTag) {
        return replace(t, "isendrecvReplace", memory, offset, bytes, plan, dest, sendTag, source, recvTag);
    }

    private static Request replace(Transfer t, String operation, MemorySegment memory, long offset, long bytes, PackPlan plan,
            int dest, int sendTag, int source, int recvTag) {
        long length = plan == null ? bytes : plan.bytes();
        MemorySegment copy = BufferedSends.copy(memory, offset, length, plan);
        return start(t, operation, copy, 0, length, t.typedCopy(copy, memory, plan), dest, sendTag, memory, offset, length, plan, source, recvTag);
    }
}
