package org.jadi.scopes.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jadi.scopes.error.ErrorCode;
import org.jadi.scopes.error.ScopeException;

/**
 * Guards a table in a file by locks of the kernel, which it takes back from a process that dies, however it dies.
 *
 * <p>The kernel gives up all of a process's locks on a file as soon as the process closes <em>any</em> descriptor of it. So
 * there is one descriptor of a file in a JVM, shared even between class loaders (ranks that are threads have one each): it
 * stands in the system properties, and everything happens under the monitor of a string that is one in the whole JVM.
 */
final class FileGuard implements TableGuard {
    private static final String PROPERTY = "org.jadi.scopes.node.channel:";

    private static final long LIMIT_NS = 30_000_000_000L;

    private final Path file;
    private final String monitor;
    private final FileChannel channel;
    private final Map<Integer, FileLock> occupied = new HashMap<>();
    private boolean closed;

    private FileGuard(Path file, String monitor, FileChannel channel) {
        this.file = file;
        this.monitor = monitor;
        this.channel = channel;
    }

    /** Opens a file, made if it is not there; its folder is there. */
    static FileGuard open(Path file) throws IOException {
        String monitor = (PROPERTY + file.toAbsolutePath()).intern();
        synchronized (monitor) {
            Object[] shared = (Object[]) System.getProperties().get(monitor); // channel, number of users
            if (shared == null) {
                FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ,
                        StandardOpenOption.WRITE), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                shared = new Object[] {channel, 0};
                System.getProperties().put(monitor, shared);
            }
            shared[1] = (Integer) shared[1] + 1;
            return new FileGuard(file, monitor, (FileChannel) shared[0]);
        }
    }

    FileChannel channel() {
        return channel;
    }

    @Override
    public <T> T locked(Supplier<T> action) {
        synchronized (monitor) {
            if (closed) {
                throw new IllegalStateException("the table of claims is closed: file=" + file);
            }
            // CRASH: the kernel gives the lock to the next; whatever is half written belongs to a record that is swept.
            try (FileLock lock = await()) {
                assert lock.isValid();
                return action.get();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot lock " + file, e);
            }
        }
    }

    /** Not {@code lock()}, which closes the channel when the thread is interrupted. Sections last microseconds. */
    private FileLock await() throws IOException {
        long end = System.nanoTime() + LIMIT_NS;
        for (long nap = 1_000; System.nanoTime() < end; nap = Math.min(nap * 2, 1_000_000)) {
            FileLock lock = channel.tryLock(TableLayout.LOCK_TABLE, 1, false);
            if (lock != null) {
                return lock;
            }
            LockSupport.parkNanos(nap);
        }
        throw new ScopeException(ErrorCode.TRANSPORT, "another process has kept the table of claims locked for 30 s, it may be"
                + " stopped: file=" + file);
    }

    @Override
    public void occupy(int holder) {
        try {
            FileLock lock = channel.tryLock(TableLayout.LOCK_HOLDERS + holder, 1, false);
            if (lock == null) {
                throw new IllegalStateException("a holder that is alive was given away: holder=" + holder);
            }
            occupied.put(holder, lock);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock " + file, e);
        }
    }

    @Override
    public void vacate(int holder) {
        try (FileLock lock = occupied.remove(holder)) {
            assert lock != null;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unlock " + file, e);
        }
    }

    @Override
    public boolean isAlive(int holder) {
        try (FileLock lock = channel.tryLock(TableLayout.LOCK_HOLDERS + holder, 1, false)) {
            return lock == null;
        } catch (OverlappingFileLockException e) {
            return true; // somebody in this JVM has it
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock " + file, e);
        }
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public void abandon() {
        try {
            Files.deleteIfExists(file);
            NodeFolder.leave(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + file, e);
        }
    }

    @Override
    public void close() {
        synchronized (monitor) {
            if (closed) {
                return;
            }
            closed = true;
            Object[] shared = (Object[]) System.getProperties().get(monitor);
            shared[1] = (Integer) shared[1] - 1;
            if ((Integer) shared[1] == 0) {
                System.getProperties().remove(monitor);
                try {
                    channel.close();
                } catch (IOException e) {
                    throw new UncheckedIOException("cannot close " + file, e);
                }
            }
        }
    }
}
