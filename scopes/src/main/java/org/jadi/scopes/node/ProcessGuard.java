package org.jadi.scopes.node;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Guards a table that only this process has. */
final class ProcessGuard implements TableGuard {
    private final ReentrantLock lock = new ReentrantLock();

    @Override
    public <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void occupy(int holder) {
        // Whoever can see the table is alive.
    }

    @Override
    public void vacate(int holder) {
        // As above.
    }

    @Override
    public boolean isAlive(int holder) {
        return true;
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public void abandon() {
        // The table goes with its last reference.
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
