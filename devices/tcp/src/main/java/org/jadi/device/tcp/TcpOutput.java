package org.jadi.device.tcp;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;
import org.jadi.adi.device.Endpoint;

/**
 * The sending side of one connection: a ring of bytes that were accepted and not yet written.
 *
 * <p>A packet is written at once, unless others were written a moment ago and the poller has not passed since: then it
 * waits for the poller (or the watcher, a millisecond later) so that quick sends share one system call. Everything is
 * guarded by the lock, the two flags aside. Senders wait for the lock, for one non-blocking write at most; poller and
 * watcher only try.
 */
final class TcpOutput {
    /** Room that only control packets may use. */
    static final int CONTROL_RESERVE_BYTES = 64 * TcpFrame.PREFIX_BYTES;

    private static final int LEAST_CAPACITY_BYTES = 8192;

    private final SocketChannel channel;
    private final TcpProgress progress;
    private final TcpWatcher watcher;
    private final int maxPayloadBytes;
    private final int directBytes;
    private final int flushBytes;
    private final long batchNs;
    private final int capacity;
    private final int ordinaryCapacity;
    private final ByteBuffer buffer;
    private final MemorySegment memory;
    private final ByteBuffer[] pair = new ByteBuffer[2];
    private final ReentrantLock lock = new ReentrantLock();

    // OWNER: holder of the lock. Positions count bytes; the place in the ring is the position modulo the capacity.
    private long head;
    private long tail;
    private int sequence;
    private int lastTurn;
    private long lastWriteNs;
    private boolean socketFull;

    // OWNER: holder of the lock writes; anyone reads.
    private volatile boolean waiting;
    private volatile boolean broken;

    TcpOutput(SocketChannel channel, TcpConfig config, TcpProgress progress, TcpWatcher watcher) {
        this.channel = channel;
        this.progress = progress;
        this.watcher = watcher;
        this.maxPayloadBytes = config.maxPayloadBytes();
        this.directBytes = Math.max(1, config.directBytes());
        this.flushBytes = config.flushBytes();
        this.batchNs = config.batchNs();
        this.capacity = capacity(config);
        this.ordinaryCapacity = capacity - CONTROL_RESERVE_BYTES;
        this.buffer = ByteBuffer.allocateDirect(capacity);
        this.memory = MemorySegment.ofBuffer(buffer);
        this.lastWriteNs = System.nanoTime() - batchNs;
        this.lastTurn = progress.turn() - 1;
    }

    /** Returns the size of the ring that a configuration gives: a power of two that holds a largest packet and the reserve. */
    static int capacity(TcpConfig config) {
        int one = config.maxPayloadBytes() + TcpFrame.PREFIX_BYTES + CONTROL_RESERVE_BYTES;
        int wanted = Math.max(LEAST_CAPACITY_BYTES, Math.max(one, config.sendBufferBytes()));
        return Integer.highestOneBit(wanted - 1) << 1;
    }

    /** As {@link Endpoint#trySend}. */
    int send(long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length) {
        if (length > maxPayloadBytes) {
            throw tooLong(length);
        }
        lock.lock();
        try {
            if (broken) {
                return Endpoint.FAILED;
            }
            if (!hasRoom(TcpFrame.PREFIX_BYTES + length, ordinaryCapacity)) {
                return broken ? Endpoint.FAILED : Endpoint.NO_ROOM;
            }
            if (length >= directBytes && head == tail && payload.isNative()) {
                return sendDirect(h0, h1, h2, h3, payload, offset, length);
            }
            putPayload(payload, offset, length);
            putPrefix(length, h0, h1, h2, h3);
            tail += length;
            afterPut();
            return Endpoint.SENT;
        } finally {
            lock.unlock();
        }
    }

    /** As {@link Endpoint#trySendControl}. */
    int sendControl(long h0, long h1, long h2, long h3) {
        lock.lock();
        try {
            if (broken) {
                return Endpoint.FAILED;
            }
            if (!hasRoom(TcpFrame.PREFIX_BYTES, capacity)) {
                return broken ? Endpoint.FAILED : Endpoint.NO_ROOM;
            }
            putPrefix(0, h0, h1, h2, h3);
            afterPut();
            return Endpoint.SENT;
        } finally {
            lock.unlock();
        }
    }

    /** Writes what waits, as far as the socket takes it; does nothing while a sender is at it. Returns 1 if it wrote. */
    int flush() {
        if (!waiting || !lock.tryLock()) {
            return 0;
        }
        try {
            long before = tail - head;
            write();
            return tail - head < before ? 1 : 0;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether accepted bytes were not yet written. Any thread. */
    boolean waiting() {
        return waiting && !broken;
    }

    /** Returns whether the connection does not take bytes any more. Any thread. */
    boolean broken() {
        return broken;
    }

    /** Gives up: from now on every send answers FAILED. Any thread. */
    void fail() {
        broken = true;
    }

    private boolean hasRoom(int bytes, int limit) {
        if (tail - head + bytes <= limit) {
            return true;
        }
        if (lastTurn == progress.turn()) {
            return false;
        }
        write();
        return !broken && tail - head + bytes <= limit;
    }

    private void afterPut() {
        int turn = progress.turn();
        if (turn != lastTurn || !socketFull && writeIsDue()) {
            write();
        } else {
            noteWaiting();
        }
    }

    private boolean writeIsDue() {
        return tail - head >= flushBytes || System.nanoTime() - lastWriteNs >= batchNs;
    }

    private void write() {
        lastTurn = progress.turn();
        try {
            writeRing();
        } catch (IOException e) {
            breakOff();
        }
        lastWriteNs = System.nanoTime();
        socketFull = head != tail;
        noteWaiting();
    }

    private void writeRing() throws IOException {
        while (head != tail) {
            int from = (int) head & capacity - 1;
            int n = (int) Math.min(tail - head, capacity - from);
            buffer.limit(from + n).position(from);
            int written = channel.write(buffer);
            head += written;
            if (written < n) {
                return;
            }
        }
        head = 0;
        tail = 0;
    }

    private int sendDirect(long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length) {
        pair[1] = payload.asSlice(offset, length).asByteBuffer();
        head = 0;
        tail = 0;
        putPrefix(length, h0, h1, h2, h3);
        pair[0] = buffer.limit(TcpFrame.PREFIX_BYTES).position(0);
        lastTurn = progress.turn();
        long written = 0;
        try {
            written = channel.write(pair);
            int done = (int) Math.max(0, written - TcpFrame.PREFIX_BYTES);
            putPayload(payload, offset, done, length);
            head = written;
        } catch (IOException e) {
            breakOff();
        } catch (RuntimeException e) { // closed arena: whatever memory can refuse
            if (written == 0) {
                tail = 0;
                sequence--;
                throw e;
            }
            // Closed between the write and the copy of the rest: the packet keeps its length, whatever is in it.
            tail = TcpFrame.PREFIX_BYTES + length;
            head = written;
        } finally {
            pair[1] = null;
        }
        lastWriteNs = System.nanoTime();
        socketFull = head != tail;
        noteWaiting();
        return broken ? Endpoint.FAILED : Endpoint.SENT;
    }

    private void putPrefix(int length, long h0, long h1, long h2, long h3) {
        int at = (int) tail & capacity - 1;
        if (at + TcpFrame.PREFIX_BYTES <= capacity) {
            TcpFrame.encode(memory, at, length, sequence++, h0, h1, h2, h3);
            tail += TcpFrame.PREFIX_BYTES;
        } else {
            putWrappedPrefix(length, h0, h1, h2, h3);
        }
    }

    /** Copies a payload to its place behind the prefix that is still to come: memory that cannot be read leaves no trace. */
    private void putPayload(MemorySegment payload, long offset, int length) {
        put(payload, offset, tail + TcpFrame.PREFIX_BYTES, length);
    }

    private void put(MemorySegment from, long offset, long position, int length) {
        int at = (int) position & capacity - 1;
        int first = Math.min(length, capacity - at);
        if (first > 0) {
            MemorySegment.copy(from, offset, memory, at, first);
        }
        if (first < length) {
            MemorySegment.copy(from, offset + first, memory, 0, length - first);
        }
    }

    /** Takes over, after a direct write that began at position 0, the part that the socket did not take. */
    private void putPayload(MemorySegment payload, long offset, int done, int length) {
        if (done < length) {
            MemorySegment.copy(payload, offset + done, memory, TcpFrame.PREFIX_BYTES + done, length - done);
        }
        tail = TcpFrame.PREFIX_BYTES + length;
    }

    private void putWrappedPrefix(int length, long h0, long h1, long h2, long h3) {
        MemorySegment prefix = MemorySegment.ofArray(new byte[TcpFrame.PREFIX_BYTES]);
        TcpFrame.encode(prefix, 0, length, sequence++, h0, h1, h2, h3);
        put(prefix, 0, tail, TcpFrame.PREFIX_BYTES);
        tail += TcpFrame.PREFIX_BYTES;
    }

    private void noteWaiting() {
        boolean now = head != tail;
        if (now != waiting) {
            waiting = now;
        }
        if (now) {
            watcher.attend();
        }
    }

    private IllegalArgumentException tooLong(int length) {
        return new IllegalArgumentException("payload must fit one packet: length=" + length + " maxPayloadBytes=" + maxPayloadBytes);
    }

    private void breakOff() {
        broken = true;
        head = 0;
        tail = 0;
    }
}
