package org.jadi.device.tcp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jadi.adi.device.AddressBook;
import org.jadi.adi.device.Authenticator;
import org.jadi.adi.device.Device;
import org.jadi.adi.device.DeviceContext;
import org.jadi.adi.device.DeviceException;
import org.jadi.adi.device.DeviceLimits;
import org.jadi.adi.device.Doorbell;
import org.jadi.adi.device.Endpoint;
import org.jadi.adi.device.SleepSource;
import org.jadi.adi.stats.Log;

/** The open device: its parts, and what they ask of each other. */
final class TcpDevice implements Device {
    private final DeviceContext context;
    private final TcpConfig config;
    private final DeviceLimits limits;
    private final byte[] hostId;
    private final byte[] address;
    private final TcpConnections connections = new TcpConnections();
    private final AtomicReferenceArray<TcpEndpoint> endpoints;
    private final TcpProgress progress;
    private final TcpWatcher watcher;
    private volatile AddressBook addresses = rank -> null;
    private volatile boolean closed;

    private TcpDevice(DeviceContext context, TcpConfig config, ServerSocketChannel listener) throws IOException {
        this.context = context;
        this.config = config;
        this.limits = new DeviceLimits(
                config.maxPayloadBytes(), config.eagerLimitBytes(), config.chunkBytes(), config.maxPayloadBytes(),
                Long.MAX_VALUE);
        this.hostId = TcpInterfaces.hostId();
        int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
        this.address = new TcpAddress(
                TcpFrame.VERSION, port, config.maxPayloadBytes(), hostId, TcpInterfaces.usable(config)).encode();
        this.endpoints = new AtomicReferenceArray<>(context.size());
        this.progress = new TcpProgress(connections, context.inbound(), config);
        this.watcher = new TcpWatcher(this, config, connections, listener, context.threads());
    }

    /** Opens the device: listens, and starts the watcher. */
    static TcpDevice open(DeviceContext context, TcpConfig config) {
        ServerSocketChannel listener = TcpListener.open(config);
        try {
            TcpDevice device = new TcpDevice(context, config, listener);
            device.watcher.start();
            return device;
        } catch (IOException e) {
            TcpConnection.closeQuietly(listener);
            throw new DeviceException("cannot open: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            TcpConnection.closeQuietly(listener);
            throw e;
        }
    }

    @Override
    public int progress() {
        return progress.progress();
    }

    @Override
    public boolean hasUnflushed() {
        for (TcpConnection connection : connections.all()) {
            if (connection.output().waiting()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String name() {
        return TcpDeviceProvider.NAME;
    }

    @Override
    public DeviceLimits limits() {
        return limits;
    }

    @Override
    public byte[] address() {
        return address.clone();
    }

    @Override
    public void wire(AddressBook published) {
        addresses = published;
    }

    @Override
    public String refusal(int rank) {
        if (rank == rank()) {
            return "serves other ranks only";
        }
        byte[] bytes = addresses.address(rank);
        if (bytes == null) {
            return "is not open at rank " + rank;
        }
        try {
            int theirs = TcpAddress.decode(bytes).maxPayloadBytes();
            return theirs == config.maxPayloadBytes() ? null : "has another jadi.tcp.maxPayloadBytes at rank " + rank + ": ours="
                    + config.maxPayloadBytes() + " theirs=" + theirs + "; set the same on all ranks";
        } catch (DeviceException e) {
            return "at rank " + rank + " " + e.getMessage();
        }
    }

    @Override
    public Endpoint connect(int rank) {
        String refusal = refusal(rank);
        if (refusal != null) {
            throw new DeviceException("tcp " + refusal);
        }
        TcpEndpoint endpoint = endpoint(rank);
        if (endpoint.want() && endpoint.connection() == null) {
            watcher.dial(endpoint);
        }
        return endpoint;
    }

    @Override
    public <T> T capability(Class<T> type) {
        return type == SleepSource.class ? type.cast(watcher) : null;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        watcher.close();
        for (TcpConnection connection : connections.all()) {
            connection.finish();
        }
        progress.close();
    }

    int rank() {
        return context.rank();
    }

    int size() {
        return context.size();
    }

    byte[] hostId() {
        return hostId;
    }

    Authenticator authenticator() {
        return context.authenticator();
    }

    Doorbell doorbell() {
        return context.doorbell();
    }

    Log log() {
        return context.log();
    }

    /** Returns the address of a peer that was not refused. */
    TcpAddress addressOf(int rank) {
        return TcpAddress.decode(addresses.address(rank));
    }

    /** Returns the one endpoint of a peer, whoever asks first: the engine, or the peer by calling. */
    TcpEndpoint endpoint(int rank) {
        TcpEndpoint endpoint = endpoints.get(rank);
        if (endpoint == null) {
            endpoints.compareAndSet(rank, null, new TcpEndpoint(this, rank));
            endpoint = endpoints.get(rank);
        }
        return endpoint;
    }

    /** A connection is authenticated and is the one of its pair. Watcher only. */
    void established(TcpEndpoint endpoint, SocketChannel channel, SelectionKey key) throws IOException {
        TcpConnection connection = new TcpConnection(endpoint, channel, key,
                new TcpInput(channel, endpoint.rank(), config), new TcpOutput(channel, config, progress, watcher));
        key.attach(connection);
        connections.add(connection);
        endpoint.connected(connection);
        watcher.added();
        context.doorbell().ring();
    }

    /** A connection ended. */
    void forget(TcpConnection connection) {
        connection.abandon();
        connections.remove(connection);
    }

    /** Reports a peer to which no connection came about. No lock held. */
    void peerUnreachable(int rank, String reason) {
        if (!closed) {
            context.inbound().onUnreachable(rank, reason);
            context.doorbell().ring();
        }
    }

    /** Reports a peer as lost. No lock held. */
    void peerFailed(int rank, String reason) {
        if (!closed) {
            context.inbound().onPeerFailed(rank, reason);
            context.doorbell().ring();
        }
    }

    @Override
    public String toString() {
        return "tcp with " + connections.all().length + " connections";
    }
}
