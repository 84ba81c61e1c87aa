package org.jadi.bootstrap.rendezvous;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.BitSet;
import java.util.function.IntFunction;
import org.jadi.bootstrap.JobSecret;
import org.jadi.bootstrap.kvs.JobEvents;
import org.jadi.bootstrap.kvs.KeyValueServer;

/**
 * The key-value space that rank 0 serves: who has joined and finished, and the end of the job when one is lost. Guarded by
 * its monitor; the server's thread calls in.
 */
final class HostedJob implements JobEvents, AutoCloseable {
    private static final int BEATS_PER_SILENCE = 6;

    private final int size;
    private final Duration silence;
    private final BitSet joined = new BitSet();
    private final BitSet finished = new BitSet();
    private final KeyValueServer server;
    private IntFunction<String> hostOf = rank -> null;
    private boolean over;

    HostedJob(int port, JobSecret secret, String jobId, int size, Duration silence) {
        this.size = size;
        this.silence = silence;
        synchronized (this) { // a rank may join before the server is known here
            server = new KeyValueServer(new InetSocketAddress(port), secret, jobId, size, this);
        }
        if (!silence.isZero()) {
            server.watch(silence.dividedBy(BEATS_PER_SILENCE), BEATS_PER_SILENCE);
        }
    }

    int port() {
        String address = server.address();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    /** Says where the names of hosts are found. */
    synchronized void hosts(IntFunction<String> names) {
        hostOf = names;
    }

    /** Returns the ranks that have not joined, for an error message. */
    synchronized String missing() {
        StringBuilder ranks = new StringBuilder();
        for (int rank = joined.nextClearBit(0); rank < size; rank = joined.nextClearBit(rank + 1)) {
            ranks.append(ranks.isEmpty() ? "" : ",").append(rank);
        }
        return ranks.toString();
    }

    /** Waits until all ranks have finished, or the job has failed. */
    synchronized void awaitEnd() {
        boolean interrupted = false;
        while (finished.cardinality() < size && !over) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void joined(int rank) {
        joined.set(rank);
    }

    @Override
    public synchronized void finished(int rank) {
        finished.set(rank);
        notifyAll();
    }

    @Override
    public synchronized void aborted(int rank, int code, String reason) {
        end("the job was aborted with code " + code + ": " + reason);
    }

    @Override
    public void state(int rank, String report) {
        // Nobody here asks for it.
    }

    @Override
    public synchronized void lost(int rank) {
        end(name(rank) + " was lost before it finished: its connection ended");
    }

    @Override
    public synchronized void silent(int rank) {
        end(name(rank) + " has been silent for " + silence.toSeconds()
                + " s and is given up: it is stopped, its host is dead, or the network between is cut");
    }

    private String name(int rank) {
        String host = hostOf.apply(rank);
        return "rank " + rank + (host == null ? "" : " on host " + host);
    }

    private void end(String reason) {
        if (!over) {
            over = true;
            System.err.println("jadi: " + reason);
            server.die(reason);
            notifyAll();
        }
    }

    /** Rank 0 is about to go: what is lost from now on is lost because of that. */
    synchronized void leave() {
        over = true;
    }

    @Override
    public void close() {
        leave();
        server.close();
    }
}
