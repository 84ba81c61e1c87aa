package org.jadi.device.tcp;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The attempts of this rank to reach one peer: one candidate per address. The next address is tried when one before it
 * failed, or has not answered for a while; the first on which both sides prove themselves is taken. OWNER: the watcher.
 */
final class TcpDial {
    private static final long LOOK_NS = 250_000_000L;
    private static final long FIRST_RETRY_NS = 10_000_000L;
    private static final int MOST_TRIES = 6;

    /** One address of the peer. */
    static final class Candidate {
        private final TcpDial dial;
        private final InetSocketAddress address;
        private int tries;
        private long dueNs;
        private long deadlineNs;
        private TcpHandshake attempt;
        private String error;
        private boolean exhausted;

        Candidate(TcpDial dial, InetSocketAddress address, long dueNs) {
            this.dial = dial;
            this.address = address;
            this.dueNs = dueNs;
        }

        TcpDial dial() {
            return dial;
        }

        InetSocketAddress address() {
            return address;
        }

        TcpHandshake attempt() {
            return attempt;
        }

        void deadlineNs(long ns) {
            deadlineNs = ns;
        }

        /** Returns whether an attempt should begin now. */
        boolean isDue(long nowNs) {
            return attempt == null && !exhausted && nowNs - dueNs >= 0;
        }

        /** Returns whether the attempt has had its time. */
        boolean isLate(long nowNs) {
            return attempt != null && nowNs - deadlineNs >= 0;
        }

        void begin(TcpHandshake handshake, long deadline) {
            attempt = handshake;
            deadlineNs = deadline;
            tries++;
        }

        /** Takes the attempt out, so that it outlives the dial. */
        void release() {
            attempt = null;
        }

        /**
         * Notes that an attempt failed.
         *
         * @param again whether another try may do better
         */
        void fail(String cause, boolean again, long nowNs) {
            error = cause;
            attempt = null;
            exhausted = !again || tries >= MOST_TRIES || dial.expecting;
            dueNs = nowNs + (FIRST_RETRY_NS << tries);
            dial.hurry(nowNs);
        }

        long nextNs() {
            return attempt != null ? deadlineNs : dueNs;
        }

        @Override
        public String toString() {
            return address.getAddress().getHostAddress() + " port " + address.getPort() + ": "
                    + (error == null ? "not tried" : error) + (tries > 1 ? " (" + tries + " tries)" : "");
        }
    }

    private final TcpEndpoint endpoint;
    private final List<Candidate> candidates = new ArrayList<>();
    private TcpHandshake held;
    private long expectedUntilNs;
    private boolean expecting;

    TcpDial(TcpEndpoint endpoint, List<InetAddress> hosts, int port, long staggerNs, long nowNs) {
        this.endpoint = endpoint;
        for (InetAddress host : hosts) {
            candidates.add(new Candidate(this, new InetSocketAddress(host, port), nowNs + candidates.size() * staggerNs));
        }
    }

    /** Says in a few words why a connection could not be made. */
    static String cause(Exception e) {
        return e instanceof ConnectException ? "connection refused" : e.getMessage() == null ? e.toString() : e.getMessage();
    }

    TcpEndpoint endpoint() {
        return endpoint;
    }

    List<Candidate> candidates() {
        return candidates;
    }

    /** Returns the peer's own connection, proved, that waits for the outcome of this dial; or null. */
    TcpHandshake held() {
        return held;
    }

    void held(TcpHandshake handshake) {
        held = handshake;
    }

    /**
     * The peer turned an attempt away, because another connection of the pair is the one, which must show within the time.
     * It may be another attempt of ours, so those that are under way go on; no more are begun.
     */
    void expect(Candidate turnedAway, long untilNs) {
        turnedAway.attempt.close();
        turnedAway.attempt = null;
        turnedAway.error = "another connection was announced";
        expecting = true;
        expectedUntilNs = untilNs;
        for (Candidate c : candidates) {
            c.exhausted |= c.attempt == null;
        }
    }

    /** Returns whether the connection that was announced can only be the peer's own. */
    boolean expecting() {
        return expecting && !hasAttempts();
    }

    /** Returns whether nothing more can come of it. */
    boolean isHopeless(long nowNs) {
        return expecting ? !hasAttempts() && nowNs - expectedUntilNs >= 0 : candidates.stream().allMatch(c -> c.exhausted);
    }

    private boolean hasAttempts() {
        return candidates.stream().anyMatch(c -> c.attempt != null);
    }

    /** Returns when something is to be done next. */
    long nextNs(long nowNs) {
        long next = expecting ? expectedUntilNs : nowNs + LOOK_NS;
        for (Candidate c : candidates) {
            if ((c.attempt != null || !c.exhausted) && c.nextNs() - next < 0) {
                next = c.nextNs();
            }
        }
        return next;
    }

    /** Ends all attempts; the connection that waits for the outcome is not touched. */
    void cancelAttempts() {
        for (Candidate c : candidates) {
            c.exhausted = true;
            if (c.attempt != null) {
                c.attempt.close();
                c.attempt = null;
            }
        }
    }

    /** Returns every address with what became of it. */
    String report() {
        StringBuilder s = new StringBuilder();
        for (Candidate c : candidates) {
            s.append(s.isEmpty() ? "" : "; ").append(c);
        }
        return expecting ? "the peer announced a connection that did not come" : s.toString();
    }

    private void hurry(long nowNs) {
        for (Candidate c : candidates) {
            if (c.tries == 0 && !c.exhausted) {
                c.dueNs = nowNs;
                return;
            }
        }
    }
}
