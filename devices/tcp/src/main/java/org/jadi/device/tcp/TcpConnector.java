package org.jadi.device.tcp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jadi.adi.device.Authenticator;
import org.jadi.adi.device.DeviceException;

/**
 * Makes connections: accepts strangers, dials peers, and decides which connection of a pair is the one.
 *
 * <p>The rule for two connections at once: the one that the lower rank dialled wins. A rank that dials a higher rank and
 * is called by it meanwhile holds that call until its own attempt is decided: won, the call is a duplicate; lost, the
 * call is accepted. The higher rank accepts the lower one's call at once and gives its own attempts up. So only one side
 * ever decides, and no packet was sent on a connection that loses. OWNER: the watcher.
 */
final class TcpConnector {
    private static final int MOST_ACCEPTS = 16;
    private static final long ACCEPT_PAUSE_NS = 100_000_000L;

    private final TcpDevice device;
    private final TcpConfig config;
    private final Selector selector;
    private final SelectionKey listenKey;
    private final ServerSocketChannel listener;
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(128);
    private final Set<TcpHandshake> strangers = new LinkedHashSet<>();
    private final List<TcpDial> dials = new ArrayList<>();
    private long acceptAgainNs;
    private boolean acceptPaused;

    TcpConnector(TcpDevice device, TcpConfig config, Selector selector, ServerSocketChannel listener) throws IOException {
        this.device = device;
        this.config = config;
        this.selector = selector;
        this.listener = listener;
        this.listenKey = listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    /** Begins to reach a peer, unless it is reached already. */
    void dial(TcpEndpoint endpoint, long nowNs) {
        if (endpoint.connection() == null && !endpoint.hasFailed() && endpoint.dial() == null) {
            TcpAddress address = device.addressOf(endpoint.rank());
            TcpDial dial = new TcpDial(endpoint, address.hostsFor(device.hostId()), address.port(), config.staggerNs(), nowNs);
            endpoint.dial(dial);
            dials.add(dial);
        }
    }

    /** Takes connections from the listening socket, a bounded number. */
    void accept(long nowNs) {
        for (int i = 0; i < MOST_ACCEPTS; i++) {
            SocketChannel channel = null;
            try {
                channel = listener.accept();
                if (channel == null) {
                    return;
                }
                admit(channel, nowNs);
            } catch (IOException | RuntimeException e) {
                TcpConnection.closeQuietly(channel);
                if (channel == null) {
                    pauseAccepting(nowNs);
                    return;
                }
            }
        }
    }

    /** Lets a handshake go on for which its channel is ready. */
    void ready(TcpHandshake handshake, long nowNs) {
        try {
            TcpHandshake.State before = handshake.state();
            switch (handshake.step()) {
                case CONNECTING, PROOF -> { }
                case HELLO -> {
                    if (before == TcpHandshake.State.CONNECTING) {
                        handshake.candidate().deadlineNs(nowNs + config.answerTimeoutNs());
                    }
                }
                case HELD -> {
                    if (before != TcpHandshake.State.HELD) {
                        decide(handshake);
                    }
                }
                case ACCEPTED -> won(handshake);
                case DUPLICATE -> handshake.candidate().dial().expect(handshake.candidate(), nowNs + config.answerTimeoutNs());
            }
        } catch (IOException | RuntimeException e) {
            drop(handshake, TcpDial.cause(e), e instanceof IOException, nowNs);
        }
    }

    /** Does what is due by the clock; returns when that will be the case again. */
    long tick(long nowNs) {
        long next = nowNs + 1_000_000_000L;
        if (acceptPaused && nowNs - acceptAgainNs >= 0) {
            acceptPaused = false;
            listenKey.interestOps(SelectionKey.OP_ACCEPT);
        } else if (acceptPaused) {
            next = acceptAgainNs;
        }
        expireStrangers(nowNs);
        if (!strangers.isEmpty()) {
            next = Math.min(next - nowNs, strangers.iterator().next().deadlineNs() - nowNs) + nowNs;
        }
        for (TcpDial dial : List.copyOf(dials)) {
            tick(dial, nowNs);
            next = Math.min(next - nowNs, dial.nextNs(nowNs) - nowNs) + nowNs;
        }
        return next;
    }

    /** Returns whether nothing is under way, so that the clock does not matter. */
    boolean isIdle() {
        return dials.isEmpty() && strangers.isEmpty() && !acceptPaused;
    }

    void close() {
        TcpConnection.closeQuietly(listener);
        strangers.forEach(TcpHandshake::close);
        for (TcpDial dial : dials) {
            dial.cancelAttempts();
            if (dial.held() != null) {
                dial.held().close();
            }
        }
    }

    private void admit(SocketChannel channel, long nowNs) throws IOException {
        if (strangers.size() >= config.pendingConnections()) {
            Iterator<TcpHandshake> oldest = strangers.iterator();
            oldest.next().close();
            oldest.remove();
        }
        TcpConnection.configure(channel, config);
        Authenticator.Session session =
                device.authenticator().begin(false, TcpDeviceProvider.NAME, TcpFrame.VERSION, -1);
        TcpHandshake handshake = TcpHandshake.server(channel, session, scratch, nowNs + config.handshakeTimeoutNs());
        handshake.key(channel.register(selector, SelectionKey.OP_READ, handshake));
        strangers.add(handshake);
    }

    /** The system has no descriptor left: trying at once again would only burn the processor. */
    private void pauseAccepting(long nowNs) {
        acceptPaused = true;
        acceptAgainNs = nowNs + ACCEPT_PAUSE_NS;
        listenKey.interestOps(0);
    }

    private void expireStrangers(long nowNs) {
        for (Iterator<TcpHandshake> i = strangers.iterator(); i.hasNext();) {
            TcpHandshake h = i.next();
            if (nowNs - h.deadlineNs() < 0) {
                return;
            }
            h.close();
            i.remove();
        }
    }

    private void tick(TcpDial dial, long nowNs) {
        for (TcpDial.Candidate c : dial.candidates()) {
            if (c.isLate(nowNs)) {
                c.attempt().close();
                c.fail("no answer in time", false, nowNs);
            }
        }
        for (TcpDial.Candidate c : dial.candidates()) {
            if (c.isDue(nowNs)) {
                start(c, nowNs);
            }
        }
        if (dial.isHopeless(nowNs) || dial.expecting() && dial.held() != null) {
            takeHeldOrLose(dial, nowNs);
        }
    }

    private void start(TcpDial.Candidate candidate, long nowNs) {
        SocketChannel channel = null;
        try {
            InetSocketAddress address = candidate.address();
            channel = SocketChannel.open();
            TcpConnection.configure(channel, config);
            Authenticator.Session session = device.authenticator()
                    .begin(true, TcpDeviceProvider.NAME, TcpFrame.VERSION, candidate.dial().endpoint().rank());
            TcpHandshake handshake = TcpHandshake.client(channel, session, candidate, scratch);
            candidate.begin(handshake, nowNs + config.connectTimeoutNs());
            boolean done = channel.connect(address);
            handshake.key(channel.register(selector, done ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, handshake));
            if (done) {
                ready(handshake, nowNs);
            }
        } catch (IOException | RuntimeException e) {
            TcpConnection.closeQuietly(channel);
            candidate.fail(TcpDial.cause(e), e instanceof IOException, nowNs);
        }
    }

    /** A peer that called us proved itself. */
    private void decide(TcpHandshake call) throws IOException {
        strangers.remove(call);
        int rank = call.peerRank();
        if (rank < 0 || rank >= device.size() || rank == device.rank()) {
            throw new DeviceException("came from a rank that is no peer: rank=" + rank + " size=" + device.size());
        }
        TcpEndpoint endpoint = device.endpoint(rank);
        TcpDial dial = endpoint.dial();
        if (endpoint.hasFailed()) {
            throw new DeviceException("came from a rank that was given up: rank=" + rank);
        }
        if (endpoint.connection() != null || dial != null && dial.held() != null) {
            turnAway(call);
        } else if (dial == null || dial.expecting() || device.rank() > rank) {
            accept(endpoint, call);
        } else {
            dial.held(call);
        }
    }

    private void accept(TcpEndpoint endpoint, TcpHandshake call) throws IOException {
        call.answer(TcpHandshake.ACCEPT_VERDICT);
        end(endpoint.dial());
        establish(endpoint, call);
    }

    /** A peer that we dialled took our connection. */
    private void won(TcpHandshake attempt) {
        TcpDial dial = attempt.candidate().dial();
        attempt.candidate().release();
        TcpHandshake held = dial.held();
        end(dial);
        establish(dial.endpoint(), attempt);
        if (held != null) {
            turnAway(held);
        }
    }

    /** Says that another connection is the one; a peer that knows this already has closed it. */
    private static void turnAway(TcpHandshake call) {
        try {
            call.answer(TcpHandshake.DUPLICATE_VERDICT);
        } catch (IOException e) {
            // It knows.
        }
        call.close();
    }

    private void establish(TcpEndpoint endpoint, TcpHandshake handshake) {
        try {
            handshake.key().interestOps(0);
            device.established(endpoint, handshake.channel(), handshake.key());
        } catch (IOException | OutOfMemoryError e) {
            handshake.close();
            endpoint.fail("tcp cannot keep a connection to rank " + endpoint.rank() + ": " + e.getMessage()
                    + "; raise -XX:MaxDirectMemorySize or lower jadi.tcp.receiveBufferBytes and jadi.tcp.sendBufferBytes");
        }
    }

    /** No attempt of ours can succeed any more: the peer's own call is taken if there is one. */
    private void takeHeldOrLose(TcpDial dial, long nowNs) {
        TcpHandshake held = dial.held();
        TcpEndpoint endpoint = dial.endpoint();
        try {
            if (held != null) {
                accept(endpoint, held);
                return;
            }
        } catch (IOException e) {
            held.close();
            dial.held(null);
        }
        if (!dial.isHopeless(nowNs)) {
            return;
        }
        end(dial);
        endpoint.unreachable("rank " + device.rank() + " cannot reach rank " + endpoint.rank() + " over tcp: " + dial.report()
                + "; check firewall and jadi.tcp.interface");
    }

    private void end(TcpDial dial) {
        if (dial != null) {
            dial.cancelAttempts();
            dials.remove(dial);
            dial.endpoint().dial(null);
        }
    }

    private void drop(TcpHandshake handshake, String cause, boolean again, long nowNs) {
        handshake.close();
        if (handshake.isClient()) {
            if (handshake.candidate().attempt() == handshake) {
                handshake.candidate().fail(cause, again, nowNs);
            }
            return;
        }
        strangers.remove(handshake);
        for (TcpDial dial : dials) {
            if (dial.held() == handshake) {
                dial.held(null);
            }
        }
        device.log().info("tcp: rank " + device.rank() + " refused a connection: " + cause);
    }
}
