package org.jadi.adi.device;

/**
 * The one word on which an idle engine sleeps.
 *
 * <p>The sleeper calls {@link #prepare}, looks once more at everything that could have arrived, then {@link #sleep}s with
 * the value that {@code prepare} returned, and calls {@link #awake}. A ring after {@code prepare} ends the sleep at once.
 * A device whose peers write to shared memory offers a doorbell of its own as a capability; the engine then uses it.
 */
public interface Doorbell {
    /** Ends the sleep of the engine, if it sleeps; cheap if not. Any thread. */
    void ring();

    /** Announces that the caller is about to sleep; everything written by others before is seen after it. */
    int prepare();

    /**
     * Sleeps until rung or the time is over; may return early.
     *
     * @param seen what {@link #prepare} returned
     */
    void sleep(int seen, long timeoutNs);

    /** Ends what {@link #prepare} began. */
    void awake();
}
