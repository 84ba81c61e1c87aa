package org.jadi.adi.placement;

import java.util.function.Consumer;

/**
 * Decides where helper threads of the library run, and binds them. Found by {@link java.util.ServiceLoader}; without one they
 * run wherever the kernel likes. Any thread.
 */
public interface ThreadPlacement {
    /** What a helper thread does. */
    enum Kind {
        /** It looks for work all the time, so it needs a CPU to itself, or must not do so. */
        POLLING,
        /** It sleeps until there is work. */
        BLOCKING
    }

    /**
     * What is decided for a thread.
     *
     * @param maySpin whether a polling thread may poll without giving its CPU away
     * @param reason where it runs and why, in words
     */
    record Decision(boolean maySpin, String reason) {}

    /**
     * Places the calling thread, which is about to begin its work. Returns soon: what takes time is done on another thread,
     * which binds this one from outside. Never throws because hardware or kernel cannot do something.
     *
     * @param decided told once, by any thread, now or later, unless the thread has ended before
     * @return gives back what the thread has claimed; closed by the thread when it ends
     */
    Place place(Kind kind, HelperSite site, Consumer<Decision> decided);

    /** What a placed thread holds. */
    interface Place extends AutoCloseable {
        @Override
        void close();
    }
}
