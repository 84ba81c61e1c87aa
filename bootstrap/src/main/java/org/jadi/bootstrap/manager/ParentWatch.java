package org.jadi.bootstrap.manager;

import java.util.function.Consumer;

/**
 * Notices that the process which started this one has ended: for managers whose library does not tell. A process whose
 * parent dies is given to another one by the kernel. A daemon thread looks twice a second.
 */
public final class ParentWatch implements AutoCloseable {
    private static final long LOOK_MILLIS = 500;

    private final Thread thread;

    /** Begins to watch. */
    public ParentWatch(Consumer<String> gone) {
        long first = parent();
        thread = Thread.ofPlatform().daemon().name("jadi-parent").start(() -> watch(first, gone));
    }

    private static void watch(long first, Consumer<String> gone) {
        try {
            while (parent() == first) {
                Thread.sleep(LOOK_MILLIS);
            }
            gone.accept("the process that started this one has ended: pid=" + first);
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private static long parent() {
        return ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
