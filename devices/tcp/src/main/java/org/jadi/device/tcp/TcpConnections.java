package org.jadi.device.tcp;

import java.util.ArrayList;
import java.util.List;

/** The connections that stand. Changed by watcher and poller, read by anyone without a lock. */
final class TcpConnections {
    private volatile TcpConnection[] snapshot = {};

    /** Returns all connections; the array is never changed, a later one takes its place. */
    TcpConnection[] all() {
        return snapshot;
    }

    synchronized void add(TcpConnection connection) {
        List<TcpConnection> list = new ArrayList<>(List.of(snapshot));
        list.add(connection);
        snapshot = list.toArray(TcpConnection[]::new);
    }

    synchronized void remove(TcpConnection connection) {
        List<TcpConnection> list = new ArrayList<>(List.of(snapshot));
        list.remove(connection);
        snapshot = list.toArray(TcpConnection[]::new);
    }
}
