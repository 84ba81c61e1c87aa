package org.jadi.bootstrap.kvs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jadi.bootstrap.BootstrapException;
import org.jadi.bootstrap.Handshake;
import org.jadi.bootstrap.JobSecret;

/**
 * The launcher's end of the key-value space: one thread and one selector for all ranks, so that a slow, stopped or hostile
 * connection delays nobody. Each connection's memory is bounded, and until it has proved itself it may send 64 bytes and
 * live for five seconds.
 */
public final class KeyValueServer implements AutoCloseable {
    private static final int BACKLOG = 256;
    private static final long ACCEPT_PAUSE_MILLIS = 20;

    private final JobSecret secret;
    private final String jobId;
    private final JobEvents events;
    private final JobSpace space;
    private final BitSet members;
    private final FenceUplink uplink;
    private final Connection[] ranks;
    private final Set<Connection> unproved = new LinkedHashSet<>();
    private final Set<Integer> joined = ConcurrentHashMap.newKeySet();
    private final Set<Integer> finished = ConcurrentHashMap.newKeySet();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Selector selector;
    private final ServerSocketChannel listener;
    private final Thread thread;
    private volatile boolean closing;

    // OWNER: the server's thread. How ranks are watched; 0 while they are not.
    private long beatNanos;
    private long nextBeat;
    private int mostUnanswered;

    /**
     * Begins to serve all ranks of a job, on a free port.
     *
     * @param address the address to listen on
     */
    public KeyValueServer(InetAddress address, JobSecret secret, String jobId, int size, JobEvents events) {
        this(new InetSocketAddress(address, 0), secret, jobId, size, events);
    }

    /**
     * Begins to serve all ranks of a job.
     *
     * @param address address and port to listen on; port 0 for any free one
     * @throws BootstrapException if that is not possible
     */
    public KeyValueServer(InetSocketAddress address, JobSecret secret, String jobId, int size, JobEvents events) {
        this(address, secret, jobId, all(size), events, null);
    }

    /**
     * Begins to serve some ranks of a job; others are served by servers on their own hosts.
     *
     * @param address address and port to listen on; port 0 for any free one
     * @param members the ranks that may join here
     * @param uplink where fences are taken, or null if these are all ranks of the job
     * @throws BootstrapException if that is not possible
     */
    public KeyValueServer(InetSocketAddress address, JobSecret secret, String jobId, BitSet members, JobEvents events,
            FenceUplink uplink) {
        this.secret = secret;
        this.jobId = jobId;
        this.events = events;
        this.members = (BitSet) members.clone();
        this.uplink = uplink;
        this.space = new JobSpace(this.members);
        this.ranks = new Connection[members.length()];
        try {
            selector = Selector.open();
            listener = ServerSocketChannel.open();
            listener.bind(address, Math.max(BACKLOG, 2 * members.cardinality()));
            listener.configureBlocking(false);
            listener.register(selector, SelectionKey.OP_ACCEPT);
        } catch (IOException e) {
            throw new BootstrapException("cannot listen for the ranks: address=" + address + " (" + e + ")", e);
        }
        thread = new Thread(this::serve, "jadi-kvs-server");
        thread.setDaemon(true);
        thread.start();
    }

    private static BitSet all(int size) {
        BitSet all = new BitSet(size);
        all.set(0, size);
        return all;
    }

    /** Returns where ranks connect, as {@code host:port}. */
    public String address() {
        InetSocketAddress local = (InetSocketAddress) listener.socket().getLocalSocketAddress();
        return local.getAddress().getHostAddress() + ":" + local.getPort();
    }

    /** Returns whether a rank has ever proved itself. */
    public boolean hasJoined(int rank) {
        return joined.contains(rank);
    }

    /** Returns whether a rank has said that it finished. */
    public boolean hasFinished(int rank) {
        return finished.contains(rank);
    }

    /** Asks a rank for its state; the answer, if any, arrives at {@link JobEvents#state}. */
    public void requestState(int rank) {
        onThread(() -> tell(rank, KvsLine.write(KvsProtocol.STATE)));
    }

    /**
     * Ends the fence that was taken to the uplink: ranks are told the pairs.
     *
     * @param pairs those of all ranks of the job, as the uplinks of all servers were told them
     */
    public void release(byte[] pairs) {
        onThread(() -> answerFence(pairs));
    }

    /**
     * Watches the ranks from now on: each is asked for a sign of life again and again, and given up, with
     * {@link JobEvents#silent}, when it has left so many questions unanswered. Counting questions rather than time, a server
     * that was itself stopped for a while gives nobody up for that. Ranks give the server up after the same time.
     *
     * @param interval time between two questions
     * @param most unanswered questions after which a rank is given up
     */
    public void watch(Duration interval, int most) {
        onThread(() -> {
            beatNanos = interval.toNanos();
            mostUnanswered = most;
            nextBeat = System.nanoTime();
        });
    }

    /** Tells all ranks that the job is over. */
    public void die() {
        die("");
    }

    /** Tells all ranks that the job is over, and why: rank 0 last, whose process may be this one, and ends when it hears it. */
    public void die(String reason) {
        onThread(() -> {
            for (int rank = ranks.length - 1; rank >= 0; rank--) {
                tell(rank, KvsLine.write(KvsProtocol.DIE, KvsProtocol.TEXT,
                        KvsLine.encode(reason, KvsProtocol.MAX_REASON_BYTES)));
            }
        });
    }

    /** Ends all connections; ranks that have not finished take it for the loss of their launcher. */
    @Override
    public void close() {
        closing = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void onThread(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    private void tell(int rank, String line) {
        if (ranks[rank] != null) {
            ranks[rank].send(line);
        }
    }

    private void serve() {
        try {
            while (!closing) {
                selector.select(this::handle, millisToDeadline());
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                dropExpired();
                beat();
            }
        } catch (IOException e) {
            // Only a broken selector comes here. Closing below tells the ranks, and they the launcher.
            closing = true;
        } finally {
            closeAll();
        }
    }

    private void handle(SelectionKey key) {
        if (key.isValid() && key.isAcceptable()) {
            accept();
        } else if (key.isValid()) {
            ((Connection) key.attachment()).ready();
        }
    }

    private void accept() {
        try {
            SocketChannel channel = listener.accept();
            if (channel == null) {
                return;
            }
            if (unproved.size() >= KvsProtocol.MAX_UNPROVED) {
                unproved.iterator().next().drop();
            }
            Handshake handshake = new Handshake(secret, Handshake.Role.SERVER, KvsProtocol.NAME, KvsProtocol.VERSION, jobId,
                    Handshake.NO_RANK, Handshake.NO_RANK);
            Connection connection = new Connection(this, channel, selector, handshake);
            unproved.add(connection);
            connection.open();
        } catch (IOException e) {
            pause(); // Out of descriptors, most likely: the waiting connection stays in the kernel's queue.
        }
    }

    private static void pause() {
        try {
            Thread.sleep(ACCEPT_PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long millisToDeadline() {
        if (unproved.isEmpty() && beatNanos == 0) {
            return 0; // No limit: nothing expires.
        }
        long now = System.nanoTime();
        long left = unproved.isEmpty() ? Long.MAX_VALUE : unproved.iterator().next().deadlineNanos() - now;
        left = beatNanos == 0 ? left : Math.min(left, nextBeat - now);
        return Math.max(1, left / 1_000_000 + 1);
    }

    private void beat() {
        if (beatNanos == 0 || System.nanoTime() - nextBeat < 0) {
            return;
        }
        nextBeat = System.nanoTime() + beatNanos;
        String ping = KvsLine.write(KvsProtocol.PING, KvsProtocol.LIMIT,
                Long.toString(Math.max(1, beatNanos * mostUnanswered / 1_000_000)));
        for (int rank = 0; rank < ranks.length; rank++) {
            if (ranks[rank] != null && !finished.contains(rank) && ranks[rank].asked() > mostUnanswered) {
                Connection silent = ranks[rank];
                ranks[rank] = null;
                silent.drop();
                events.silent(rank);
            }
            tell(rank, ping);
        }
    }

    private void dropExpired() {
        long now = System.nanoTime();
        List<Connection> expired = new ArrayList<>();
        for (Iterator<Connection> i = unproved.iterator(); i.hasNext();) {
            Connection connection = i.next();
            if (connection.deadlineNanos() - now > 0) {
                break; // In order of arrival, so the rest is younger.
            }
            expired.add(connection);
        }
        expired.forEach(Connection::drop);
    }

    /** A connection has sent the right proof. Returns why it is not welcome all the same, or null. */
    String proved(Connection connection, int rank) {
        unproved.remove(connection);
        if (rank < 0 || !members.get(rank)) {
            return "there is no rank " + rank + " of this job here: ranks=" + members;
        }
        if (ranks[rank] != null || joined.contains(rank)) {
            return "rank " + rank + " has joined already; unset the JADI_ variables for processes that a rank starts";
        }
        ranks[rank] = connection;
        joined.add(rank);
        events.joined(rank);
        return null;
    }

    /** A connection has ended, proved or not. */
    void ended(Connection connection, int rank) {
        unproved.remove(connection);
        if (rank >= 0 && rank < ranks.length && ranks[rank] == connection) {
            ranks[rank] = null;
            if (!closing && !finished.contains(rank)) {
                events.lost(rank);
            }
        }
    }

    /** Does what a rank asks for. Returns false for a line that no rank of this version sends. */
    boolean obey(int rank, KvsLine line) {
        switch (line.command()) {
            case KvsProtocol.PUT:
                return space.put(line);
            case KvsProtocol.BARRIER_IN:
                return fence(rank);
            case KvsProtocol.FINALIZE:
                finished.add(rank);
                events.finished(rank); // before the answer, with which the process may end
                tell(rank, KvsLine.write(KvsProtocol.FINALIZE_ACK));
                return true;
            case KvsProtocol.ABORT:
                events.aborted(rank, exitCode(line.field(KvsProtocol.CODE)), line.text(KvsProtocol.TEXT));
                onThread(() -> tell(rank, KvsLine.write(KvsProtocol.ABORT_ACK))); // behind what die() tells the others
                return true;
            case KvsProtocol.PONG:
                return true;
            case KvsProtocol.STATE_RESULT:
                events.state(rank, line.text(KvsProtocol.TEXT));
                return true;
            default:
                return false;
        }
    }

    private boolean fence(int rank) {
        if (!space.arrive(rank)) {
            return false;
        }
        byte[] news = space.newsIfAllArrived();
        if (news != null && uplink == null) {
            answerFence(news);
        } else if (news != null) {
            uplink.arrived(news);
        }
        return true;
    }

    private void answerFence(byte[] pairs) {
        byte[] end = KvsLine.write(KvsProtocol.BARRIER_OUT).getBytes(StandardCharsets.US_ASCII);
        byte[] answer = Arrays.copyOf(pairs, pairs.length + end.length);
        System.arraycopy(end, 0, answer, pairs.length, end.length);
        for (Connection connection : ranks) {
            if (connection != null) {
                connection.send(answer);
            }
        }
    }

    private static int exitCode(String text) {
        try {
            int code = Integer.parseInt(text);
            return code >= 1 && code <= 255 ? code : 1;
        } catch (NumberFormatException e) {
            return 1;
        }
    }

    private void closeAll() {
        unproved.clear();
        try {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            // The sockets close with the launcher at the latest.
        }
    }
}
