package org.jadi.device.shm;

import static org.jadi.device.shm.ShmSegmentDescriptor.*;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jadi.adi.device.DeviceException;
import org.jadi.adi.memory.ring.Words;
import org.jadi.bootstrap.crypto.Randomness;

/** A rank's segment, mapped: its owner's, or a peer's. */
final class ShmSegment implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final int size;
    private final long stride;

    private ShmSegment(Path path, FileChannel channel, int size, long stride) throws IOException {
        this.path = path;
        this.channel = channel;
        this.size = size;
        this.stride = stride;
        this.memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, heapOffset(size, stride), arena);
    }

    /** Makes the segment of this rank. */
    static ShmSegment create(Path directory, int rank, int size, ShmConfig config) {
        Path path = directory.resolve("rank-" + rank);
        long stride = ShmSegmentDescriptor.stride(config.ringBytes());
        try {
            FileChannel channel = ShmFiles.create(path);
            if (!ShmFiles.allocate(channel, 0, ringsOffset(size))) {
                channel.close();
                Files.deleteIfExists(path);
                throw new DeviceException("no space for a segment of " + ringsOffset(size) + " bytes in " + directory + ": "
                        + ShmFiles.space(directory) + "; enlarge it (containers: --shm-size) or use --device tcp");
            }
            // The size of the file, not of what it uses: a hole needs no memory.
            channel.write(java.nio.ByteBuffer.allocate(1), heapOffset(size, stride) + config.heapBytes());
            ShmSegment s = new ShmSegment(path, channel, size, stride);
            s.initialise(rank);
            return s;
        } catch (IOException e) {
            throw new DeviceException("cannot make a segment in " + directory + ": " + e, e);
        }
    }

    private void initialise(int rank) {
        Words.storeLong(memory, MAGIC_OFFSET, MAGIC);
        Words.storeInt(memory, VERSION_OFFSET, VERSION);
        Words.storeInt(memory, RANK_OFFSET, rank);
        Words.storeInt(memory, SIZE_OFFSET, size);
        Words.storeInt(memory, STRIDE_OFFSET, (int) stride);
        Words.storeLong(memory, NONCE_OFFSET, Randomness.word());
        // ORDER: the header is visible before READY; pairs with loadIntAcquire in check.
        Words.storeIntRelease(memory, READY_OFFSET, 1);
    }

    /**
     * Maps a peer's segment.
     *
     * @return the segment, or null if it is not this rank's segment that lies there (another host, another container)
     * @throws DeviceException if it is, but its header does not fit
     */
    static ShmSegment open(ShmAddress address, int rank, int size) {
        Path path = Path.of(address.path());
        try {
            FileChannel channel = ShmFiles.open(path);
            ShmSegment s = null;
            try (Arena brief = Arena.ofConfined()) {
                if (channel.size() >= PAGE) {
                    MemorySegment header = channel.map(FileChannel.MapMode.READ_ONLY, 0, PAGE, brief);
                    if (Words.loadLong(header, NONCE_OFFSET) == address.nonce()) {
                        s = new ShmSegment(path, channel, size, check(header, channel.size(), rank, size));
                    }
                }
            } finally {
                if (s == null) {
                    channel.close();
                }
            }
            return s;
        } catch (IOException e) {
            return null;
        }
    }

    /** Checks a header; returns the stride. */
    private static long check(MemorySegment h, long fileBytes, int rank, int size) {
        long stride = Words.loadInt(h, STRIDE_OFFSET) & 0xffffffffL;
        boolean good = Words.loadIntAcquire(h, READY_OFFSET) == 1 && Words.loadLong(h, MAGIC_OFFSET) == MAGIC
                && Words.loadInt(h, VERSION_OFFSET) == VERSION && Words.loadInt(h, RANK_OFFSET) == rank
                && Words.loadInt(h, SIZE_OFFSET) == size && stride >= PAGE && stride % PAGE == 0
                && heapOffset(size, stride) <= fileBytes;
        if (!good) {
            throw new DeviceException("has a corrupt segment at rank " + rank + ": version=" + Words.loadInt(h, VERSION_OFFSET)
                    + " rank=" + Words.loadInt(h, RANK_OFFSET) + " size=" + Words.loadInt(h, SIZE_OFFSET) + " stride=" + stride
                    + " bytes=" + fileBytes);
        }
        return stride;
    }

    MemorySegment memory() {
        return memory;
    }

    FileChannel channel() {
        return channel;
    }

    long nonce() {
        return Words.loadLong(memory, NONCE_OFFSET);
    }

    Path path() {
        return path;
    }

    long ring(int sender) {
        return ringOffset(size, stride, sender);
    }

    long stride() {
        return stride;
    }

    long heap() {
        return heapOffset(size, stride);
    }

    /** Removes the name; the memory lives on until the last process has unmapped it. */
    void unlink() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // The sweep of the next start takes it.
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing is lost: the mapping goes with the arena.
        }
        arena.close();
    }
}
