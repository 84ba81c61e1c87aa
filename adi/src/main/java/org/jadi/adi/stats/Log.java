package org.jadi.adi.stats;

/** The few lines that a user must see, or asked to see. Any thread; never on a hot path. */
public interface Log {
    /** Something works worse than it should, and what can be done. */
    void warn(String message);

    /** A fact that is shown on request only ({@code --verbose}). */
    void info(String message);
}
