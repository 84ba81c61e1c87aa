package org.jadi.device.tcp;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.function.Consumer;
import org.jadi.adi.device.DeviceException;
import org.jadi.adi.device.InboundHandler;

/**
 * The poller: reads every connection once per turn. A single connection is read directly. Of several, the one that had
 * something last is read directly, because its next packet is the one most likely awaited; a selector says which of the
 * others are worth it. Measured: an empty read takes 380 ns, an empty selectNow 220 ns for 1 to 32 connections.
 */
final class TcpProgress {
    /** While the last active connection delivers, the others are asked at one turn in this many. */
    private static final int OTHERS_TURNS = 4;

    private final TcpConnections connections;
    private final InboundHandler inbound;
    private final int pollLimit;
    private final Consumer<SelectionKey> onReady = this::ready;

    // OWNER: the poller writes, senders read: it tells them whether the poller passed since their last write.
    private volatile int turn;

    // OWNER: the poller.
    private Selector selector;
    private TcpConnection[] registered = {};
    private TcpConnection recent;
    private int work;

    TcpProgress(TcpConnections connections, InboundHandler inbound, TcpConfig config) {
        this.connections = connections;
        this.inbound = inbound;
        this.pollLimit = config.pollLimit();
    }

    /** As {@link org.jadi.adi.device.Device#progress}. */
    int progress() {
        turn = turn + 1;
        TcpConnection[] all = connections.all();
        if (all.length > pollLimit) {
            return progressMany(all);
        }
        int done = 0;
        for (TcpConnection connection : all) {
            done += connection.poll(inbound);
        }
        return done;
    }

    /** Returns the number of turns so far; it wraps. */
    int turn() {
        return turn;
    }

    void close() {
        TcpConnection.closeQuietly(selector);
    }

    private int progressMany(TcpConnection[] all) {
        work = pollRecent();
        if (work > 0 && turn % OTHERS_TURNS != 0) {
            return work;
        }
        try {
            if (all != registered) {
                register(all);
            }
            selector.selectNow(onReady);
        } catch (IOException e) {
            throw new DeviceException("tcp cannot poll its connections: " + e.getMessage(), e);
        }
        for (TcpConnection connection : all) {
            if (connection.backlog()) {
                work += connection.poll(inbound);
            } else {
                work += connection.output().flush();
            }
        }
        return work;
    }

    private int pollRecent() {
        TcpConnection connection = recent;
        if (connection == null || connection.output().broken()) {
            recent = null;
            return 0;
        }
        return connection.poll(inbound);
    }

    private void ready(SelectionKey key) {
        recent = (TcpConnection) key.attachment();
        work += recent.poll(inbound);
    }

    private void register(TcpConnection[] all) throws IOException {
        if (selector == null) {
            selector = Selector.open();
        }
        for (TcpConnection connection : all) {
            if (connection.pollKey() == null) {
                try {
                    connection.pollKey(connection.channel().register(selector, SelectionKey.OP_READ, connection));
                } catch (ClosedChannelException e) {
                    continue;
                }
            }
        }
        registered = all;
    }
}
