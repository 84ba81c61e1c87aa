package org.jadi.device.tcp;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jadi.adi.device.Endpoint;

/** The way to one peer, from the first wish to reach it on. */
final class TcpEndpoint extends Endpoint {
    private final TcpDevice device;
    private final int rank;
    private final AtomicBoolean failed = new AtomicBoolean();
    private final AtomicBoolean unreachable = new AtomicBoolean();
    private final AtomicBoolean wanted = new AtomicBoolean();

    // OWNER: the watcher writes, once; anyone reads.
    private volatile TcpConnection connection;

    // OWNER: the watcher.
    private TcpDial dial;

    TcpEndpoint(TcpDevice device, int rank) {
        this.device = device;
        this.rank = rank;
    }

    @Override
    public int trySend(long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length) {
        TcpConnection c = connection;
        return c == null ? unconnected() : c.output().send(h0, h1, h2, h3, payload, offset, length);
    }

    @Override
    public int trySendControl(long h0, long h1, long h2, long h3) {
        TcpConnection c = connection;
        return c == null ? unconnected() : c.output().sendControl(h0, h1, h2, h3);
    }

    /** Returns whether this is the first wish to connect. */
    boolean want() {
        return !wanted.getAndSet(true);
    }

    int rank() {
        return rank;
    }

    /** Returns whether it was given up. */
    boolean hasFailed() {
        return failed.get() || unreachable.get();
    }

    TcpConnection connection() {
        return connection;
    }

    void connected(TcpConnection established) {
        connection = established;
    }

    TcpDial dial() {
        return dial;
    }

    void dial(TcpDial current) {
        dial = current;
    }

    /** The connection ended while the device was open. */
    void lose(TcpConnection lost, String cause) {
        device.forget(lost);
        fail("the tcp connection between rank " + device.rank() + " and rank " + rank + " (" + lost + ") was lost: " + cause);
    }

    /** Reports the peer as lost, once. No lock held. */
    void fail(String reason) {
        if (failed.compareAndSet(false, true)) {
            device.peerFailed(rank, reason);
        }
    }

    /** No connection can be made; packets find no room until the engine has decided what becomes of that. Once. */
    void unreachable(String reason) {
        if (unreachable.compareAndSet(false, true)) {
            device.peerUnreachable(rank, reason);
        }
    }

    @Override
    public boolean isConnected() {
        return connection != null;
    }

    private int unconnected() {
        return failed.get() ? FAILED : NO_ROOM;
    }

    @Override
    public String toString() {
        TcpConnection c = connection;
        return c != null ? c.toString() : hasFailed() ? "tcp (unreachable)" : "tcp (connecting)";
    }
}
