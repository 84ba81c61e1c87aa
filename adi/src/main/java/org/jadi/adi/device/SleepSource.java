package org.jadi.adi.device;

/**
 * Optional: a device with file descriptors. While the engine sleeps, a watcher of the device waits for them and rings
 * the engine's {@link Doorbell}.
 */
public interface SleepSource {
    /**
     * Called by the polling thread before the engine sleeps (again before each sleep): from now on, the first event that
     * {@link Device#progress} would see rings the doorbell. Must be cheap and must not block.
     *
     * @return false if an event is already there, so that the engine must not sleep
     */
    boolean arm();

    /** Called when the engine woke; the watcher may rest until the next {@link #arm}. */
    void disarm();
}
