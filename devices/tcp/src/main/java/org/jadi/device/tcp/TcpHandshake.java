package org.jadi.device.tcp;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.jadi.adi.device.Authenticator;
import org.jadi.adi.device.DeviceException;

/**
 * One connection that is not authenticated yet. Never reads a byte beyond what its state expects. OWNER: the watcher.
 *
 * <pre>
 *  client  CONNECTING -> HELLO -> PROOF -> DONE      sends its hello when connected, its proof when it has the other's
 *  server                HELLO -> PROOF -> HELD      sends its hello at once, its proof with the verdict
 * </pre>
 */
final class TcpHandshake {
    /** Where a handshake stands. */
    enum State {
        /** The system is making the connection. */
        CONNECTING,
        /** We sent our hello and wait for the other's. */
        HELLO,
        /** We wait for the other's proof; as a client, for the verdict too. */
        PROOF,
        /** The client proved itself; the verdict is ours. */
        HELD,
        /** We were accepted. */
        ACCEPTED,
        /** The server has, or is about to get, another connection with us. */
        DUPLICATE
    }

    /** Verdict of the server: this connection is the one. */
    static final int ACCEPT_VERDICT = 1;

    /** Verdict of the server: another connection of this pair is the one. */
    static final int DUPLICATE_VERDICT = 2;

    static final int VERDICT_BYTES = 8;

    private final SocketChannel channel;
    private final Authenticator.Session session;
    private final TcpDial.Candidate candidate;
    private final byte[] in = new byte[Authenticator.Session.PROOF_BYTES + VERDICT_BYTES];
    private final ByteBuffer scratch;
    private final long deadlineNs;
    private SelectionKey key;
    private State state;
    private int have;

    private TcpHandshake(SocketChannel channel, Authenticator.Session session, TcpDial.Candidate candidate,
            ByteBuffer scratch, State state, long deadlineNs) {
        this.channel = channel;
        this.session = session;
        this.candidate = candidate;
        this.scratch = scratch;
        this.state = state;
        this.deadlineNs = deadlineNs;
    }

    /** Begins the client's side on a channel that is being connected. */
    static TcpHandshake client(SocketChannel channel, Authenticator.Session session, TcpDial.Candidate candidate,
            ByteBuffer scratch) {
        return new TcpHandshake(channel, session, candidate, scratch, State.CONNECTING, 0);
    }

    /** Begins the server's side on a channel that was accepted, and greets. */
    static TcpHandshake server(SocketChannel channel, Authenticator.Session session, ByteBuffer scratch, long deadlineNs)
            throws IOException {
        TcpHandshake h = new TcpHandshake(channel, session, null, scratch, State.HELLO, deadlineNs);
        h.write(session.hello());
        return h;
    }

    /**
     * Goes as far as the bytes that are there allow.
     *
     * @throws IOException if the connection ended
     * @throws DeviceException if the other side is none of ours; the message is for the user
     */
    State step() throws IOException {
        State before = state;
        if (state == State.CONNECTING) {
            if (!channel.finishConnect()) {
                return state;
            }
            key.interestOps(SelectionKey.OP_READ);
            write(session.hello());
            state = State.HELLO;
        }
        if (state == State.HELLO && receive(Authenticator.Session.HELLO_BYTES)) {
            session.acceptHello(Arrays.copyOf(in, Authenticator.Session.HELLO_BYTES));
            state = State.PROOF;
            if (isClient()) {
                write(session.proof());
            }
        }
        if (state == State.PROOF && receive(Authenticator.Session.PROOF_BYTES + (isClient() ? VERDICT_BYTES : 0))) {
            takeProof();
        } else if (before == State.HELD && receive(1)) {
            throw new DeviceException("sent more than it may before the verdict");
        }
        return state;
    }

    /** Sends the server's proof and its verdict. */
    void answer(int verdict) throws IOException {
        ByteBuffer b = ByteBuffer.allocate(Authenticator.Session.PROOF_BYTES + VERDICT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        b.put(session.proof()).putInt(verdict).putInt(0);
        write(b.array());
    }

    /** Ends it. */
    void close() {
        if (key != null) {
            key.cancel();
        }
        TcpConnection.closeQuietly(channel);
    }

    boolean isClient() {
        return candidate != null;
    }

    int peerRank() {
        return session.peerRank();
    }

    TcpDial.Candidate candidate() {
        return candidate;
    }

    SocketChannel channel() {
        return channel;
    }

    State state() {
        return state;
    }

    long deadlineNs() {
        return deadlineNs;
    }

    SelectionKey key() {
        return key;
    }

    void key(SelectionKey registered) {
        key = registered;
    }

    private void takeProof() {
        if (!session.verify(Arrays.copyOf(in, Authenticator.Session.PROOF_BYTES))) {
            throw new DeviceException("its proof is wrong: it has another job secret");
        }
        if (!isClient()) {
            state = State.HELD;
            return;
        }
        int verdict = ByteBuffer.wrap(in).order(ByteOrder.LITTLE_ENDIAN).getInt(Authenticator.Session.PROOF_BYTES);
        state = switch (verdict) {
            case ACCEPT_VERDICT -> State.ACCEPTED;
            case DUPLICATE_VERDICT -> State.DUPLICATE;
            default -> throw new DeviceException("gave an unknown verdict: verdict=" + verdict);
        };
    }

    /** Returns whether exactly so many bytes are there; they are then at the beginning of {@code in}. */
    private boolean receive(int bytes) throws IOException {
        int n = channel.read(scratch.clear().limit(bytes - have));
        if (n < 0) {
            throw new EOFException("it closed the connection during the handshake"
                    + (state == State.PROOF ? "; does it have the same job secret?" : ""));
        }
        scratch.flip().get(in, have, n);
        have += n;
        if (have < bytes) {
            return false;
        }
        have = 0;
        return true;
    }

    private void write(byte[] bytes) throws IOException {
        scratch.clear().put(bytes).flip();
        if (channel.write(scratch) < bytes.length) {
            throw new IOException("a new connection did not take " + bytes.length + " bytes");
        }
    }
}
