package org.jadi.bootstrap.kvs;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jadi.bootstrap.BootstrapException;
import org.jadi.bootstrap.Handshake;

/** The server's side of one connection: first the proof, then lines. Used by the server's thread alone. */
final class Connection {
    private static final int FIRST_CAPACITY = 4096;
    private static final long MAX_UNSENT_BYTES = 2 * KvsProtocol.MAX_STORE_CHARS;

    private enum Stage { HELLO, PROOF, LINES, REFUSED, ENDED }

    private final KeyValueServer server;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final Handshake handshake;
    private final long deadlineNanos = System.nanoTime() + KvsProtocol.HANDSHAKE_MILLIS * 1_000_000;
    private final Deque<ByteBuffer> unsent = new ArrayDeque<>();
    private long unsentBytes;
    private ByteBuffer in = ByteBuffer.allocate(FIRST_CAPACITY);
    private int searched;
    private int unanswered;
    private Stage stage = Stage.HELLO;
    private int rank = Handshake.NO_RANK;

    Connection(KeyValueServer server, SocketChannel channel, Selector selector, Handshake handshake) throws IOException {
        this.server = server;
        this.channel = channel;
        this.handshake = handshake;
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        this.key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    /** Greets. */
    void open() {
        send(handshake.hello());
    }

    void send(String line) {
        send(line.getBytes(StandardCharsets.US_ASCII));
    }

    void send(byte[] bytes) {
        if (stage == Stage.ENDED) {
            return;
        }
        unsent.add(ByteBuffer.wrap(bytes));
        unsentBytes += bytes.length;
        if (unsentBytes > MAX_UNSENT_BYTES) {
            drop();
            return;
        }
        flush();
    }

    /** Returns how many questions for a sign of life were asked since the last line came, this one included. */
    int asked() {
        return ++unanswered;
    }

    /** The channel can be read or written. */
    void ready() {
        try {
            if (key.isWritable()) {
                flush();
            }
            if (stage != Stage.ENDED && key.isReadable()) {
                read();
            }
        } catch (IOException e) {
            drop();
        }
    }

    /** Ends the connection. */
    void drop() {
        if (stage != Stage.ENDED) {
            stage = Stage.ENDED;
            try {
                channel.close();
            } catch (IOException e) {
                // Closed is what it should be.
            }
            server.ended(this, rank);
        }
    }

    private void flush() {
        try {
            while (!unsent.isEmpty()) {
                unsentBytes -= channel.write(unsent.peek());
                if (unsent.peek().hasRemaining()) {
                    key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                    return;
                }
                unsent.remove();
            }
            key.interestOps(SelectionKey.OP_READ);
            if (stage == Stage.REFUSED) {
                channel.shutdownOutput();
            }
        } catch (IOException e) {
            drop();
        }
    }

    private void read() throws IOException {
        if (!in.hasRemaining()) {
            in = ByteBuffer.allocate(Math.min(2 * in.capacity(), KvsProtocol.MAX_LINE_BYTES + 1)).put(in.flip());
        }
        if (channel.read(in) < 0) {
            drop();
            return;
        }
        while (consume()) {
            // Each turn takes one greeting or one line.
        }
    }

    /** Takes the next thing that is there in full. Returns whether to go on. */
    private boolean consume() {
        return switch (stage) {
            case HELLO -> in.position() >= Handshake.HELLO_BYTES && takeHello();
            case PROOF -> in.position() >= Handshake.PROOF_BYTES && takeProof();
            case LINES -> takeLine();
            case REFUSED -> {
                in.clear();
                yield false;
            }
            case ENDED -> false;
        };
    }

    private boolean takeHello() {
        try {
            handshake.acceptHello(take(Handshake.HELLO_BYTES));
        } catch (BootstrapException e) {
            drop();
            return false;
        }
        stage = Stage.PROOF;
        return true;
    }

    private boolean takeProof() {
        if (!handshake.verify(take(Handshake.PROOF_BYTES))) {
            drop();
            return false;
        }
        send(handshake.proof());
        String refusal = server.proved(this, handshake.peerRank());
        if (refusal != null) {
            stage = Stage.REFUSED;
            send(KvsLine.write(KvsProtocol.REFUSED, KvsProtocol.TEXT,
                    KvsLine.encode(refusal, KvsProtocol.MAX_REASON_BYTES)));
            return true;
        }
        rank = handshake.peerRank();
        stage = Stage.LINES;
        return true;
    }

    private boolean takeLine() {
        int end = searched;
        while (end < in.position() && in.get(end) != '\n') {
            end++;
        }
        searched = end;
        if (end == in.position()) {
            if (end > KvsProtocol.MAX_LINE_BYTES) {
                drop();
            }
            return false;
        }
        byte[] bytes = take(end + 1);
        unanswered = 0;
        KvsLine line = KvsLine.parse(new String(bytes, 0, end, StandardCharsets.ISO_8859_1));
        if (line == null || !server.obey(rank, line)) {
            drop();
            return false;
        }
        return true;
    }

    private byte[] take(int count) {
        byte[] bytes = new byte[count];
        in.flip();
        in.get(bytes);
        in.compact();
        searched = 0;
        return bytes;
    }
}
