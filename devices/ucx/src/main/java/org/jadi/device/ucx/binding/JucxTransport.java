package org.jadi.device.ucx.binding;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openucx.jucx.UcxCallback;
import org.openucx.jucx.UcxException;
import org.openucx.jucx.ucp.UcpAmRecvCallback;
import org.openucx.jucx.ucp.UcpConstants;
import org.openucx.jucx.ucp.UcpEndpointParams;
import org.openucx.jucx.ucp.UcpRequest;
import org.openucx.jucx.ucp.UcpRequestParams;
import org.openucx.jucx.ucp.UcpWorker;
import org.openucx.jucx.ucs.UcsConstants;

/**
 * By jucx alone: some objects per message. Requests are polled, because jucx tells a failed request's callback a code but
 * not which request it is.
 */
public final class JucxTransport extends UcxTransport {
    private final UcpWorker worker;
    private final UcxEvents events;

    // HOST by name: what jucx passes otherwise means another kind of memory to other versions of UCX.
    private final UcpRequestParams host = new UcpRequestParams().setMemoryType(UcsConstants.MEMORY_TYPE.UCS_MEMORY_TYPE_HOST);
    private final UcpAmRecvCallback onMessage; // jucx holds it weakly
    private final List<Ep> endpoints = new ArrayList<>();
    private final List<UcpRequest> closing = new ArrayList<>();
    private final List<Pending> sends = new ArrayList<>();
    private final Map<Integer, UcpRequest> operations = new HashMap<>();
    private final List<Integer> ended = new ArrayList<>();

    private record Pending(UcpRequest request, int slot) {}

    /** Begins to take messages. */
    public JucxTransport(UcxSession session, UcxEvents events) {
        this.worker = session.worker();
        this.events = events;
        this.onMessage = (header, headerLength, data, endpoint) -> {
            events.onMessage(data.getDataAddress(), data.getLength(), false);
            return UcsConstants.STATUS.UCS_OK;
        };
        worker.setAmRecvHandler(SMALL_ID, onMessage, UcpConstants.UCP_AM_FLAG_WHOLE_MSG);
        worker.setAmRecvHandler(LARGE_ID, onMessage, UcpConstants.UCP_AM_FLAG_WHOLE_MSG);
    }

    @Override
    public Ep connect(int rank, byte[] address) {
        ByteBuffer direct = ByteBuffer.allocateDirect(address.length);
        direct.put(address).rewind();
        try {
            Ep ep = new Ep(worker.newEndpoint(new UcpEndpointParams().setUcpAddress(direct).setPeerErrorHandlingMode()
                    .setErrorHandler((endpoint, status, text) -> events.onEndpointFailed(rank, status))));
            endpoints.add(ep);
            return ep;
        } catch (UcxException e) {
            throw new UcxFailure("no endpoint", e.getStatus());
        }
    }

    @Override
    public void abandon(Ep endpoint) {
        closing.add(endpoint.jucx.closeNonBlockingForce());
    }

    @Override
    public boolean isClosing() {
        closing.removeIf(UcpRequest::isCompleted);
        return !closing.isEmpty();
    }

    @Override
    public int progress() {
        int work;
        try {
            work = worker.progress();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        if (!sends.isEmpty()) {
            work += endSends();
        }
        if (!operations.isEmpty()) {
            work += endOperations();
        }
        return work;
    }

    private int endSends() {
        int before = sends.size();
        sends.removeIf(p -> {
            boolean done = p.request.isCompleted();
            if (done) {
                events.onSent(p.slot, p.request.getStatus());
            }
            return done;
        });
        return before - sends.size();
    }

    private int endOperations() {
        operations.forEach((operation, request) -> {
            if (request.isCompleted()) {
                ended.add(operation);
            }
        });
        int work = ended.size();
        for (int operation : ended) {
            events.onEnd(operation, operations.remove(operation).getStatus());
        }
        ended.clear();
        return work;
    }

    @Override
    public int send(Ep endpoint, long address, int length, boolean large, int slot) {
        try {
            UcpRequest request = endpoint.jucx.sendAmNonBlocking(large ? LARGE_ID : SMALL_ID, 0, 0, address, length,
                    UcpConstants.UCP_AM_SEND_FLAG_EAGER, (UcxCallback) null, host);
            if (request.isCompleted()) {
                return request.getStatus();
            }
            sends.add(new Pending(request, slot));
            return UNDER_WAY;
        } catch (UcxException e) {
            return e.getStatus();
        }
    }

    @Override
    public void release(long address) {
        worker.amDataRelease(address);
    }

    @Override
    public int receiveBulk(long address, long length, long tag, long region, int operation) {
        try {
            return started(worker.recvTaggedNonBlocking(address, length, tag, -1, (UcxCallback) null, host), operation);
        } catch (UcxException e) {
            return e.getStatus();
        }
    }

    @Override
    public int sendBulk(Ep endpoint, long address, long length, long tag, long region, int operation) {
        try {
            return started(endpoint.jucx.sendTaggedNonBlocking(address, length, tag, (UcxCallback) null, host), operation);
        } catch (UcxException e) {
            return e.getStatus();
        }
    }

    @Override
    public int flush(int operation) {
        try {
            return started(worker.flushNonBlocking(null), operation);
        } catch (UcxException e) {
            return e.getStatus();
        }
    }

    private int started(UcpRequest request, int operation) {
        if (request.isCompleted()) {
            return request.getStatus();
        }
        operations.put(operation, request);
        return UNDER_WAY;
    }

    @Override
    public void cancelReceive(int operation) {
        UcpRequest request = operations.get(operation);
        if (request != null) {
            worker.cancelRequest(request);
        }
    }

    @Override
    public boolean arm() {
        try {
            worker.arm();
            return true;
        } catch (UcxException e) {
            if (e.getStatus() == Ucp.BUSY) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public String name() {
        return "jucx";
    }

    @Override
    public void close() {
        sends.clear();
        operations.clear();
        endpoints.clear();
    }
}
