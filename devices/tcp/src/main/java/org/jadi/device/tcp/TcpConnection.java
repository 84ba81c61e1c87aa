package org.jadi.device.tcp;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jadi.adi.device.InboundHandler;

/** One authenticated connection. */
final class TcpConnection {
    private static final int MOST_DRAINED_READS = 64;

    private final TcpEndpoint endpoint;
    private final SocketChannel channel;
    private final SelectionKey watchKey;
    private final SocketAddress remote;
    private final TcpInput input;
    private final TcpOutput output;

    // OWNER: the poller.
    private SelectionKey pollKey;

    // OWNER: the watcher; true while the watcher's selector looks out for input.
    private boolean watched;

    TcpConnection(TcpEndpoint endpoint, SocketChannel channel, SelectionKey watchKey, TcpInput input, TcpOutput output)
            throws IOException {
        this.endpoint = endpoint;
        this.channel = channel;
        this.watchKey = watchKey;
        this.remote = channel.getRemoteAddress();
        this.input = input;
        this.output = output;
    }

    /** Sets what must be set before a connection stands. */
    static void configure(SocketChannel channel, TcpConfig config) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        if (config.socketBufferBytes() > 0) {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, config.socketBufferBytes());
            channel.setOption(StandardSocketOptions.SO_RCVBUF, config.socketBufferBytes());
        }
    }

    /** Reads once, hands up what is complete, writes what waits. Poller only. Returns the amount of work done. */
    int poll(InboundHandler inbound) {
        int written = output.flush();
        try {
            int packets = input.poll(inbound);
            if (packets < 0 && output.broken()) {
                throw new IOException("it could not be written any more");
            }
            return written + Math.abs(packets + 1);
        } catch (IOException e) {
            endpoint.lose(this, e.getMessage());
            return 1;
        }
    }

    TcpOutput output() {
        return output;
    }

    TcpEndpoint endpoint() {
        return endpoint;
    }

    /** Returns whether complete packets wait in our memory. Poller only. */
    boolean backlog() {
        return input.backlog();
    }

    SocketChannel channel() {
        return channel;
    }

    SelectionKey watchKey() {
        return watchKey;
    }

    boolean watched() {
        return watched;
    }

    void watched(boolean value) {
        watched = value;
    }

    SelectionKey pollKey() {
        return pollKey;
    }

    void pollKey(SelectionKey key) {
        pollKey = key;
    }

    /** Ends it at once: nothing more is sent or received. Any thread; does not throw. */
    void abandon() {
        output.fail();
        closeQuietly(channel);
    }

    /**
     * Ends it in order: bytes that were written reach the peer. Input that nobody read would make the system answer
     * with a reset, which destroys them; so it is taken out first, as far as it is there. Never waits.
     */
    void finish() {
        output.flush();
        try {
            channel.shutdownOutput();
            ByteBuffer sink = ByteBuffer.allocateDirect(16384);
            for (int i = 0; i < MOST_DRAINED_READS && channel.read(sink.clear()) > 0; i++) {
                continue;
            }
        } catch (IOException e) {
            // The peer was quicker, and what it did not take it does not want.
        }
        abandon();
    }

    static void closeQuietly(AutoCloseable resource) {
        try {
            if (resource != null) {
                resource.close();
            }
        } catch (Exception e) {
            // Nothing depends on it any more.
        }
    }

    @Override
    public String toString() {
        return "tcp " + remote;
    }
}
