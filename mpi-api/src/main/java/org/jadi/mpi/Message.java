package org.jadi.mpi;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.match.Arrival;
import org.jadi.adi.request.PackPlan;

/**
 * A message that a matched probe has taken: only its holder can receive it, once (a message handle, MPI 4.1 §3.8.2).
 *
 * <p>One thread at a time. A message that is never received holds memory until the end of the job.
 */
public final class Message implements MatchedMessages, MatchedDatatypeMessages {
    final Transfer transfer;
    private final Status status;
    private Arrival arrival;
    private boolean received;

    /** An arrival of null makes the message of a probe of PROC_NULL. */
    Message(Transfer transfer, Arrival arrival) {
        this.transfer = transfer;
        this.arrival = arrival;
        this.status = arrival == null ? Status.NO_PROCESS
                : new Status(arrival.source, arrival.tag, arrival.bytes, false, ErrorClass.SUCCESS);
    }

    /** Returns source, tag and length of the message. */
    public Status status() {
        return status;
    }

    /**
     * Receives the object in the message.
     *
     * @throws MpiException TYPE if it cannot be decoded; REQUEST if the message was received before
     */
    public <T> T recvObject() {
        ObjectPlan plan = new ObjectPlan(transfer.instance.objects.maxBytes());
        boolean none = arrival == null;
        receive("recvObject", plan);
        return none ? null : transfer.instance.objects.decoded(transfer, plan.message(), "recvObject");
    }

    Status receive(MemorySegment memory, long offset, long bytes) {
        org.jadi.adi.request.Request request = start("mrecv", memory, offset, bytes, null);
        return finish(request, "mrecv");
    }

    Status receive(PackPlan plan) {
        return receive("mrecv", plan);
    }

    private Status receive(String operation, PackPlan plan) {
        return finish(start(operation, null, 0, 0, plan), operation);
    }

    Request ireceive(MemorySegment memory, long offset, long bytes) {
        org.jadi.adi.request.Request request = start("imrecv", memory, offset, bytes, null);
        return new Request(transfer, request, request == null ? Status.NO_PROCESS : null);
    }

    Request ireceive(PackPlan plan) {
        org.jadi.adi.request.Request request = start("imrecv", null, 0, 0, plan);
        return new Request(transfer, request, request == null ? Status.NO_PROCESS : null);
    }

    private Status finish(org.jadi.adi.request.Request request, String operation) {
        if (request == null) {
            return Status.NO_PROCESS;
        }
        transfer.awaitBlocking(request, operation);
        return new Status(request.statusSource, request.statusTag, request.statusBytes, false, ErrorClass.SUCCESS);
    }

    /** Returns null for the message of PROC_NULL. */
    private org.jadi.adi.request.Request start(String operation, MemorySegment memory, long offset, long bytes, PackPlan plan) {
        transfer.instance.checkOpen(operation);
        if (received) {
            throw transfer.error(ErrorClass.REQUEST, operation, "the message was received before: " + status, null);
        }
        received = true;
        Arrival a = arrival;
        arrival = null;
        if (a == null) {
            return null;
        }
        org.jadi.adi.request.Request request = new org.jadi.adi.request.Request();
        request.operation = operation;
        request.types = transfer.comparesTypes ? Transfer.types(memory, plan) : null;
        try {
            if (plan == null) {
                transfer.engine.startMatched(request, a, memory, offset, bytes);
            } else {
                transfer.engine.startMatched(request, a, plan);
            }
        } catch (RuntimeException e) {
            throw transfer.translated(operation, status.source(), status.tag(), status.bytes(), e);
        }
        return request;
    }

    @Override
    public String toString() {
        return (received ? "received message, " : "message, ") + status;
    }
}
