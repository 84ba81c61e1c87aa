package org.jadi.device.tcp;

import java.io.EOFException;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jadi.adi.device.InboundHandler;

/**
 * The receiving side of one connection: a buffer in which whole frames come together and from which they are handed
 * up. The buffer holds a whole number of largest frames, so that a stream of those never has to be moved in it.
 * OWNER: the poller.
 */
final class TcpInput {
    /** Packets handed up in one poll, so that a poller which waits for one of them gets its turn. */
    private static final int MOST_PACKETS = 128;

    private static final int LEAST_FRAMES = 2;

    private final SocketChannel channel;
    private final int rank;
    private final int maxPayloadBytes;
    private final int capacity;
    private final ByteBuffer buffer;
    private final MemorySegment memory;
    private int start;
    private int end;
    private int sequence;

    // OWNER: the poller writes; read by whoever arms the watcher, which is the poller too.
    private boolean backlog;

    TcpInput(SocketChannel channel, int rank, TcpConfig config) {
        this.channel = channel;
        this.rank = rank;
        this.maxPayloadBytes = config.maxPayloadBytes();
        this.capacity = capacity(config);
        this.buffer = ByteBuffer.allocateDirect(capacity);
        this.memory = MemorySegment.ofBuffer(buffer);
    }

    /** Returns the size of the buffer that a configuration gives. */
    static int capacity(TcpConfig config) {
        int frame = config.maxPayloadBytes() + TcpFrame.PREFIX_BYTES;
        return frame * Math.max(LEAST_FRAMES, Math.ceilDiv(config.receiveBufferBytes(), frame));
    }

    /**
     * Reads once and hands up what is complete.
     *
     * @return the number of packets, 0 for none, or -1 if nothing at all was read
     * @throws IOException if the connection ended, was reset, or carries what is no frame
     */
    int poll(InboundHandler inbound) throws IOException {
        if (backlog) {
            return deliver(inbound);
        }
        makeRoom();
        buffer.limit(capacity).position(end);
        int n = channel.read(buffer);
        if (n <= 0) {
            if (n < 0) {
                throw ended();
            }
            return -1;
        }
        end += n;
        return deliver(inbound);
    }

    /** Returns whether complete packets were left for the next poll. */
    boolean backlog() {
        return backlog;
    }

    private int deliver(InboundHandler inbound) throws IOException {
        MemorySegment in = memory;
        int packets = 0;
        backlog = true; // if the handler throws, the next poll goes on behind its packet
        while (packets < MOST_PACKETS) {
            int at = start;
            if (end - at < TcpFrame.PREFIX_BYTES) {
                break;
            }
            int length = in.get(TcpFrame.INT, at + TcpFrame.LENGTH_OFFSET);
            if (length < 0 || length > maxPayloadBytes || in.get(TcpFrame.INT, at + TcpFrame.SEQUENCE_OFFSET) != sequence) {
                throw corrupted(length, in.get(TcpFrame.INT, at + TcpFrame.SEQUENCE_OFFSET));
            }
            int payloadAt = at + TcpFrame.PREFIX_BYTES;
            if (end - payloadAt < length) {
                break;
            }
            sequence++;
            packets++;
            start = payloadAt + length;
            inbound.onPacket(rank, in.get(TcpFrame.LONG, at + TcpFrame.H0_OFFSET), in.get(TcpFrame.LONG, at + TcpFrame.H1_OFFSET),
                    in.get(TcpFrame.LONG, at + TcpFrame.H2_OFFSET), in.get(TcpFrame.LONG, at + TcpFrame.H3_OFFSET),
                    in, payloadAt, length);
        }
        backlog = packets == MOST_PACKETS;
        return packets;
    }

    private void makeRoom() {
        int held = end - start;
        if (held == 0) {
            start = 0;
            end = 0;
        } else if (capacity - start < needed(held)) {
            MemorySegment.copy(memory, start, memory, 0, held);
            start = 0;
            end = held;
        }
    }

    private int needed(int held) {
        return held < TcpFrame.PREFIX_BYTES
                ? TcpFrame.PREFIX_BYTES
                : TcpFrame.PREFIX_BYTES + memory.get(TcpFrame.INT, start + TcpFrame.LENGTH_OFFSET);
    }

    private IOException ended() {
        return new EOFException(end == start
                ? "the peer closed it"
                : "the peer closed it in the middle of a packet: bytesOfPacket=" + (end - start));
    }

    private IOException corrupted(int length, int theirSequence) {
        return new StreamCorruptedException("what arrived is no packet: payloadLength=" + length + " maxPayloadBytes="
                + maxPayloadBytes + " sequence=" + theirSequence + " expectedSequence=" + sequence);
    }
}
