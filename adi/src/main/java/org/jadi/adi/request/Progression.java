package org.jadi.adi.request;

/**
 * What can be done with a piece of transfer in its present state: push it on, test it, wait for it, cancel it.
 *
 * <p>Stateless; one object per state. The machine moves by writing another object into {@link Car#progression}. A piece
 * without progression is complete: nothing is left to push.
 */
public abstract class Progression {
    private final State state;

    /** Creates the progression of a state. */
    protected Progression(State state) {
        this.state = state;
    }

    /** Returns the state. */
    public final State state() {
        return state;
    }

    /** Moves the piece on as far as it goes without waiting. Nothing to do unless overridden. */
    public void push(Car car) {}

    /**
     * Returns whether the caller may sleep until something arrives. False where the piece moves only when it is pushed
     * again, so that blocking would not be safe (the null {@code await} of the device note).
     */
    public boolean mayAwait() {
        return true;
    }

    /** Withdraws the piece if it is not too late. */
    public boolean cancel(Car car) {
        return false;
    }

    @Override
    public String toString() {
        return state.name();
    }
}
