package org.jadi.testkit;

/** A test, or a part of one, that can say in what state it is when its time is over. */
public interface DumpsState {
    /** Returns the state in a few lines; called by another thread while the test runs. */
    String dumpState();
}
