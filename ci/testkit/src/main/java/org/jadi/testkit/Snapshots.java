package org.jadi.testkit;

import org.jadi.adi.engine.Engine;
import org.jadi.adi.request.Failure;
import org.jadi.adi.request.Request;
import org.jadi.adi.request.State;

/** What has become of blocking receives, as completed requests: those of the engine are used again when the call ends. */
public final class Snapshots {
    /** Makes a request of the result of a blocking receive. */
    public static final Engine.Received<Request> RECEIVED = new Engine.Received<>() {
        @Override
        public Request of(int source, int tag, long bytes) {
            return request(source, tag, bytes, null);
        }

        @Override
        public Request failed(Request failed) {
            return request(failed.statusSource, failed.statusTag, failed.statusBytes, failed.failure());
        }
    };

    private Snapshots() {}

    private static Request request(int source, int tag, long bytes, Failure failure) {
        Request copy = new Request();
        copy.operation = "recv";
        copy.statusSource = source;
        copy.statusTag = tag;
        copy.statusBytes = bytes;
        if (failure != null) {
            copy.fail(failure);
        }
        copy.end(failure == null ? State.COMPLETE : State.FAILED);
        copy.pieceDone();
        return copy;
    }
}
