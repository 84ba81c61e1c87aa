package org.jadi.testkit.contract;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.device.Endpoint;

/**
 * Numbered packets from one rank to another. Header: route, number, seed of the contents, length. One thread at a time,
 * as for the endpoint.
 */
public final class Lane {
    private final int from;
    private final int to;
    private final Endpoint endpoint;
    private volatile long accepted;

    Lane(int from, int to, Endpoint endpoint) {
        this.from = from;
        this.to = to;
        this.endpoint = endpoint;
    }

    static long route(int from, int to) {
        return 0x4A41_0000_0000_0000L | (long) from << 16 | to;
    }

    /** Tries to send memory that holds the contents of a seed. */
    public int trySend(MemorySegment payload, long offset, int length, long seed) {
        return count(endpoint.trySend(route(from, to), accepted, seed, length, payload, offset, length));
    }

    /** Tries to send a packet without payload in the reserved room. */
    public int trySendControl() {
        return count(endpoint.trySendControl(route(from, to), accepted, 0, 0));
    }

    /** Counts a packet that was sent by other means, with {@link #header1} as its number. */
    public int count(int result) {
        if (result == Endpoint.SENT) {
            accepted++;
        } else if (result != Endpoint.NO_ROOM && result != Endpoint.FAILED) {
            throw new AssertionError("not an answer of the SPI: " + result + " by " + endpoint);
        }
        return result;
    }

    /** Returns the route, first word of the header. */
    public long header0() {
        return route(from, to);
    }

    /** Returns the number of the next packet, second word of the header. */
    public long header1() {
        return accepted;
    }

    /** Returns how many packets were accepted. */
    public long accepted() {
        return accepted;
    }

    /** Returns the sending rank. */
    public int from() {
        return from;
    }

    /** Returns the receiving rank. */
    public int to() {
        return to;
    }

    /** Returns the endpoint. */
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public String toString() {
        return "lane " + from + "->" + to + ": accepted=" + accepted + " " + endpoint;
    }
}
