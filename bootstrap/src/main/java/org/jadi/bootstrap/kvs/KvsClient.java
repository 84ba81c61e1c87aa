package org.jadi.bootstrap.kvs;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jadi.bootstrap.Bootstrap;
import org.jadi.bootstrap.BootstrapException;
import org.jadi.bootstrap.JobSecret;
import org.jadi.bootstrap.JobSettings;
import org.jadi.bootstrap.KeyRules;
import org.jadi.bootstrap.folder.JobFolder;

/**
 * A rank's end of the key-value space. Puts are sent with the next fence, whose answer brings all new pairs of all ranks,
 * so that {@link #get} asks nobody. One daemon thread reads what the launcher says, also while the program hangs.
 *
 * <p>No lambdas on the way to the first fence: the first one of a JVM costs several milliseconds, and every rank would pay.
 */
public final class KvsClient implements Bootstrap {
    private static final Duration ACK_PATIENCE = Duration.ofSeconds(5);
    private static final Duration ABORT_PATIENCE = Duration.ofMillis(900);

    private final JobSettings settings;
    private final Socket socket;
    private final JobFolder hold;
    private final Map<String, byte[]> visible = new ConcurrentHashMap<>();
    private final Reader reader = new Reader();
    private volatile Supplier<String> state;

    // Guarded by this: what callers wait for.
    private final StringBuilder pending = new StringBuilder();
    private final long[] replies = new long[Reply.values().length];
    private boolean closed;
    private String lostBecause;
    private Runnable onLost;

    private KvsClient(JobSettings settings, Socket socket, JobFolder hold) {
        this.settings = settings;
        this.socket = socket;
        this.hold = hold;
    }

    /**
     * Joins a job.
     *
     * @throws BootstrapException if the launcher cannot be reached or does not accept this process
     */
    public static KvsClient connect(JobSettings settings) {
        JobFolder hold = hold(settings);
        Socket socket = null;
        try {
            socket = KvsConnect.open(settings);
        } finally {
            if (socket == null && hold != null) {
                hold.close();
            }
        }
        KvsClient client = new KvsClient(settings, socket, hold);
        client.reader.start();
        return client;
    }

    private static JobFolder hold(JobSettings settings) {
        try {
            return settings.jobFolder() == null ? null : JobFolder.hold(settings.jobFolder(), settings.rank());
        } catch (IOException e) {
            throw new BootstrapException("cannot lock the job's folder: folder=" + settings.jobFolder() + " (" + e + ")", e);
        }
    }

    @Override
    public int rank() {
        return settings.rank();
    }

    @Override
    public int size() {
        return settings.size();
    }

    @Override
    public String jobId() {
        return settings.jobId();
    }

    @Override
    public JobSecret secret() {
        return settings.secret();
    }

    @Override
    public Duration patience() {
        return settings.patience();
    }

    @Override
    public synchronized void put(String key, byte[] value) {
        KeyRules.check(key, value);
        pending.append(KvsLine.write(KvsProtocol.PUT, KvsProtocol.KEY, key, KvsProtocol.VALUE, KvsLine.encode(value)));
    }

    @Override
    public byte[] get(String key) {
        byte[] value = visible.get(key);
        return value == null ? null : value.clone();
    }

    @Override
    public synchronized void fence() {
        long mine = replies[Reply.FENCE.ordinal()];
        pending.append(KvsLine.write(KvsProtocol.BARRIER_IN));
        String lines = pending.toString();
        pending.setLength(0);
        write(lines);
        awaitReply(Reply.FENCE, mine, patience(), "fence: not all ranks came");
    }

    @Override
    public synchronized void finish() {
        write(KvsLine.write(KvsProtocol.FINALIZE));
        awaitReply(Reply.FINISH, 0, ACK_PATIENCE, "finish: the launcher did not answer");
    }

    @Override
    public synchronized void abort(int code, String reason) {
        onLost = null; // the end of the job is what the caller wants, with a code of its own
        try {
            write(KvsLine.write(KvsProtocol.ABORT, KvsProtocol.CODE, Integer.toString(code), KvsProtocol.TEXT,
                    KvsLine.encode(reason, KvsProtocol.MAX_REASON_BYTES)));
            awaitReply(Reply.ABORT, 0, ABORT_PATIENCE, "abort: the launcher did not answer");
        } catch (BootstrapException e) {
            // The caller ends its process next, and the launcher ends the job for that.
        }
    }

    @Override
    public void onStateRequest(Supplier<String> supplier) {
        state = supplier;
    }

    @Override
    public void onLauncherLost(Runnable action) {
        boolean already;
        synchronized (this) {
            onLost = action;
            already = lostBecause != null && !closed;
        }
        if (already) {
            action.run();
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        closeSocket();
        if (hold != null) {
            hold.close();
        }
    }

    /** Returns why the server is gone, as far as that is known, or null while it is there. */
    public synchronized String lostBecause() {
        return lostBecause;
    }

    private void write(String lines) {
        failIfLost();
        try {
            socket.getOutputStream().write(lines.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new BootstrapException("the launcher is gone: rank=" + rank() + " (" + e.getMessage() + ")", e);
        }
    }

    private enum Reply { FENCE, FINISH, ABORT }

    /** Waits, under the monitor of this, until there are more replies of a kind than before. */
    private void awaitReply(Reply kind, long before, Duration limit, String complaint) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (replies[kind.ordinal()] <= before) {
            failIfLost();
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new BootstrapException(complaint + " within " + limit.toSeconds() + " s: rank=" + rank());
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BootstrapException("interrupted while waiting for the launcher: rank=" + rank(), e);
            }
        }
    }

    private synchronized void failIfLost() {
        if (lostBecause != null || closed) {
            throw new BootstrapException("the launcher is gone: rank=" + rank() + " ("
                    + (closed ? "closed here" : lostBecause) + ")");
        }
    }

    private void read() {
        String because = "it closed the connection";
        try {
            LineInput lines = new LineInput(socket.getInputStream());
            Map<String, byte[]> news = new HashMap<>();
            for (String text = lines.next(); text != null; text = lines.next()) {
                KvsLine line = KvsLine.parse(text);
                if (line == null || line.bytes(KvsProtocol.VALUE) == null) {
                    because = "it sent a malformed line";
                    break;
                }
                if (line.command().equals(KvsProtocol.REFUSED)) {
                    because = line.text(KvsProtocol.TEXT);
                    break;
                }
                obey(line, news);
            }
        } catch (SocketTimeoutException e) {
            because = "it has been silent for too long: it is stopped, its host is dead, or the network between is cut";
        } catch (IOException e) {
            because = e.getMessage();
        }
        lost(because);
    }

    private void obey(KvsLine line, Map<String, byte[]> news) throws IOException {
        switch (line.command()) {
            case KvsProtocol.KEY_VALUE -> news.put(line.field(KvsProtocol.KEY), line.bytes(KvsProtocol.VALUE));
            case KvsProtocol.BARRIER_OUT -> {
                visible.putAll(news);
                news.clear();
                replied(Reply.FENCE);
            }
            case KvsProtocol.FINALIZE_ACK -> finished();
            case KvsProtocol.ABORT_ACK -> replied(Reply.ABORT);
            case KvsProtocol.STATE -> report();
            case KvsProtocol.PING -> answer(line);
            case KvsProtocol.DIE -> lost(line.text(KvsProtocol.TEXT).isEmpty() ? "it ended the job" : line.text(KvsProtocol.TEXT));
            default -> {
                // A newer launcher of the same protocol version may tell more than we know.
            }
        }
    }

    /** A sign of life. From the first question on, a server that does not ask again in time is lost. */
    private void answer(KvsLine ping) throws IOException {
        try {
            socket.setSoTimeout(Math.max(1, Integer.parseInt(ping.field(KvsProtocol.LIMIT))));
        } catch (NumberFormatException e) {
            return; // No limit is told.
        }
        socket.getOutputStream().write(KvsLine.write(KvsProtocol.PONG).getBytes(StandardCharsets.US_ASCII));
    }

    /** From here on the server may go when it likes: we need it no more. */
    private synchronized void finished() {
        onLost = null;
        replied(Reply.FINISH);
    }

    private synchronized void replied(Reply kind) {
        replies[kind.ordinal()]++;
        notifyAll();
    }

    /** Answers without the monitor: a caller that hangs holds it only while it waits. */
    private void report() {
        String words;
        try {
            words = state == null ? "" : state.get();
        } catch (RuntimeException | Error e) {
            words = "(its state cannot be told: " + e + ")";
        }
        String report = ThreadReport.of(words, reader);
        try {
            write(KvsLine.write(KvsProtocol.STATE_RESULT, KvsProtocol.TEXT,
                    KvsLine.encode(report, KvsProtocol.MAX_REPORT_BYTES)));
        } catch (BootstrapException e) {
            // The reading side is about to see the same.
        }
    }

    private void lost(String because) {
        Runnable action;
        synchronized (this) {
            if (closed || lostBecause != null) {
                return;
            }
            lostBecause = because;
            notifyAll();
            action = onLost;
        }
        closeSocket();
        if (action != null) {
            action.run();
        }
    }

    private void closeSocket() {
        try {
            socket.close();
        } catch (IOException e) {
            // Closed is what it should be.
        }
    }

    private final class Reader extends Thread {
        Reader() {
            super("jadi-kvs");
            setDaemon(true);
        }

        @Override
        public void run() {
            read();
        }
    }
}
