package org.jadi.device.tcp;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jadi.adi.device.HelperThreads;
import org.jadi.adi.device.SleepSource;

/**
 * The daemon thread that waits where the poller must not: it makes connections, rings the doorbell for a sleeping
 * engine, and writes out what senders left while nobody polls. It rests in a selector without a time limit when there is
 * nothing of this to do.
 *
 * <p>Connections stay registered. The selector looks out for their input until there is some; then not any more until
 * the next {@link #arm}, so that a busy connection does not keep this thread awake.
 */
final class TcpWatcher implements SleepSource {
    private static final long ATTENTIVE_MS = 1;
    private static final int ATTENTIVE_TURNS = 20;
    private static final long JOIN_MS = 2000;

    private final TcpDevice device;
    private final TcpConnections connections;
    private final Selector selector;
    private final TcpConnector connector;
    private final Thread thread;
    private final Consumer<SelectionKey> onReady = this::ready;
    private final Queue<TcpEndpoint> wanted = new ConcurrentLinkedQueue<>();

    // Set by the poller; taken back by whoever comes first, the watcher when it rings or the poller when it woke.
    private final AtomicBoolean armed = new AtomicBoolean();

    // OWNER: the watcher writes; the poller reads when it arms.
    private volatile boolean someUnwatched;

    // Set by senders, taken back by the watcher.
    private volatile boolean attentive;
    private volatile boolean closed;

    // OWNER: the watcher.
    private int idleTurns;
    private long nowNs;

    TcpWatcher(TcpDevice device, TcpConfig config, TcpConnections connections, ServerSocketChannel listener,
            HelperThreads threads)
            throws IOException {
        this.device = device;
        this.connections = connections;
        this.selector = Selector.open();
        this.connector = new TcpConnector(device, config, selector, listener);
        this.thread = threads.unstarted("jadi-tcp-" + device.rank(), this::run);
    }

    void start() {
        thread.start();
    }

    /** Begins to reach a peer. Any thread. */
    void dial(TcpEndpoint endpoint) {
        wanted.add(endpoint);
        selector.wakeup();
    }

    /** Output waits: the poller is to write it, but may not come for long. Any thread; cheap if said before. */
    void attend() {
        if (!attentive) {
            attentive = true;
            selector.wakeup();
        }
    }

    /** A connection was added that the selector does not look at yet. Watcher only. */
    void added() {
        someUnwatched = true;
    }

    @Override
    public boolean arm() {
        boolean waiting = false;
        for (TcpConnection connection : connections.all()) {
            if (connection.backlog()) {
                return false;
            }
            waiting |= connection.output().waiting();
        }
        // ORDER: armed before someUnwatched is read. Pairs with rest(), which writes someUnwatched and then reads armed.
        armed.set(true);
        if (someUnwatched || waiting) {
            selector.wakeup();
        }
        return true;
    }

    @Override
    public void disarm() {
        armed.set(false);
    }

    /** Ends the thread and what it owns; the connections are not touched. Waits for the thread only. */
    void close() {
        closed = true;
        selector.wakeup();
        boolean interrupted = false;
        try {
            thread.join(JOIN_MS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        TcpConnection.closeQuietly(selector);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closed) {
            try {
                turn();
            } catch (IOException | RuntimeException e) {
                if (!closed) {
                    device.log().warn("tcp: the watcher of rank " + device.rank() + " met an error and goes on: " + e);
                    pause();
                }
            }
        }
        connector.close();
    }

    private void turn() throws IOException {
        nowNs = System.nanoTime();
        for (TcpEndpoint endpoint = wanted.poll(); endpoint != null; endpoint = wanted.poll()) {
            connector.dial(endpoint, nowNs);
        }
        long nextNs = connector.tick(nowNs);
        if (armed.get()) {
            watchAll();
        }
        selector.select(onReady, timeoutMs(nextNs));
        if (attentive) {
            writeForOthers();
        }
    }

    /** Returns how long to rest: 0 for no limit. */
    private long timeoutMs(long nextNs) {
        if (attentive) {
            return ATTENTIVE_MS;
        }
        return connector.isIdle() ? 0 : Math.max(1, (nextNs - nowNs + 999_999) / 1_000_000);
    }

    private void ready(SelectionKey key) {
        switch (key.attachment()) {
            case null -> connector.accept(nowNs);
            case TcpHandshake handshake -> connector.ready(handshake, nowNs);
            case TcpConnection connection -> rest(connection);
            default -> throw new IllegalStateException("unknown attachment " + key.attachment());
        }
    }

    /** A connection has input, or takes output: rings if somebody sleeps; the selector does not look at it any more. */
    private void rest(TcpConnection connection) {
        connection.watched(false);
        someUnwatched = true;
        try {
            connection.watchKey().interestOps(0);
        } catch (CancelledKeyException e) {
            return; // the poller has just ended it, so nobody sleeps
        }
        if (armed.compareAndSet(true, false)) {
            device.doorbell().ring();
        }
    }

    private void watchAll() {
        someUnwatched = false;
        for (TcpConnection connection : connections.all()) {
            try {
                boolean output = connection.output().waiting();
                if (!connection.watched() || output) {
                    connection.watchKey().interestOps(SelectionKey.OP_READ | (output ? SelectionKey.OP_WRITE : 0));
                    connection.watched(true);
                }
            } catch (CancelledKeyException e) {
                connection.watched(true);
            }
        }
    }

    private void writeForOthers() {
        boolean waiting = false;
        for (TcpConnection connection : connections.all()) {
            waiting |= connection.output().waiting();
            connection.output().flush();
        }
        idleTurns = waiting ? 0 : idleTurns + 1;
        if (idleTurns > ATTENTIVE_TURNS) {
            idleTurns = 0;
            attentive = false;
            // ORDER: attentive before waiting is read again. A sender writes waiting and then reads attentive.
            for (TcpConnection connection : connections.all()) {
                attentive |= connection.output().waiting();
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            closed = true;
        }
    }
}
