package org.jadi.adi.device;

/**
 * Makes the threads on which the library works beside the program: those that watch sockets, link libraries, wait for events.
 * They are daemons, and run where the program's own threads are disturbed least. Any thread.
 */
public interface HelperThreads {
    /** Threads that run wherever the thread that starts them may. */
    HelperThreads UNPLACED = (name, code) -> Thread.ofPlatform().daemon().name(name).unstarted(code);

    /**
     * Returns a thread, not started, that sleeps most of the time.
     *
     * @param name as it is shown in dumps: {@code jadi-tcp-3}
     */
    Thread unstarted(String name, Runnable code);
}
