package org.jadi.scopes.node;

import java.util.function.Supplier;

/** Lets one at a time into a table, and knows which holders are alive. */
interface TableGuard extends AutoCloseable {
    /** Does something while nobody else is in the table. */
    <T> T locked(Supplier<T> action);

    /** Makes a holder ours: until we end, in whatever way, others find it alive. Called while locked. */
    void occupy(int holder);

    /** Gives a holder back. Called while locked. */
    void vacate(int holder);

    /** Returns whether whoever occupied a holder is alive. Called while locked. */
    boolean isAlive(int holder);

    /** Returns whether the table is shared with other processes. */
    boolean isShared();

    /** Called while locked, when no holder is left: nobody will find this table again. */
    void abandon();

    /** Lets go of everything. */
    @Override
    void close();
}
