package org.jadi.testkit;

import org.jadi.adi.request.Request;
import org.jadi.adi.request.State;

/** Copies of requests that the engine takes back when a blocking call ends. */
public final class Snapshots {
    private Snapshots() {}

    /** Returns a completed request with the status or failure of another. */
    public static Request of(Request completed) {
        Request copy = new Request();
        copy.operation = completed.operation;
        copy.statusSource = completed.statusSource;
        copy.statusTag = completed.statusTag;
        copy.statusBytes = completed.statusBytes;
        if (completed.failure() != null) {
            copy.fail(completed.failure());
        }
        copy.end(completed.failure() == null ? State.COMPLETE : State.FAILED);
        copy.pieceDone();
        return copy;
    }
}
