package org.jadi.device.shm;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.BitSet;
import java.util.Set;
import org.jadi.adi.device.DeviceException;

/**
 * Who lives, by kernel lock: each rank holds one byte of the job's lock file as long as its process lives. Process ids
 * would lie across containers, and are used again.
 */
final class ShmLiveness implements AutoCloseable {
    private final FileChannel channel;
    private final Path path;
    private final int me;
    private final BitSet watched = new BitSet(); // guarded by this

    private ShmLiveness(FileChannel channel, Path path, int me) {
        this.channel = channel;
        this.path = path;
        this.me = me;
    }

    static ShmLiveness hold(Path directory, int rank) {
        Path path = directory.resolve("lock");
        try {
            FileChannel channel = FileChannel.open(path,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            if (!isMine(channel, rank)) {
                channel.close();
                throw new DeviceException("rank " + rank + " of this job runs twice: its byte of " + path + " is locked");
            }
            return new ShmLiveness(channel, path, rank);
        } catch (IOException e) {
            throw new DeviceException("cannot lock " + path + ": " + e, e);
        }
    }

    /** From now on, reports a rank once if its process ends. */
    synchronized void watch(int rank) {
        if (rank != me) {
            watched.set(rank);
        }
    }

    /** Returns watched ranks whose lock is gone; each once. */
    synchronized int[] newlyDead() {
        BitSet dead = new BitSet();
        for (int r = watched.nextSetBit(0); r >= 0; r = watched.nextSetBit(r + 1)) {
            try (FileLock lock = tryLock(channel, r)) {
                if (lock != null) {
                    dead.set(r);
                }
            } catch (IOException e) {
                return new int[0];
            }
        }
        watched.andNot(dead);
        return dead.stream().toArray();
    }

    /** Takes the byte of this rank; it is ours too if this process holds it already, as the bootstrap does. */
    private static boolean isMine(FileChannel channel, int rank) throws IOException {
        try {
            return channel.tryLock(rank, 1, false) != null;
        } catch (OverlappingFileLockException e) {
            return true;
        }
    }

    private static FileLock tryLock(FileChannel channel, int rank) throws IOException {
        try {
            return channel.tryLock(rank, 1, false);
        } catch (OverlappingFileLockException e) {
            return null; // a rank of this JVM
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The lock goes with the process.
        }
    }
}
