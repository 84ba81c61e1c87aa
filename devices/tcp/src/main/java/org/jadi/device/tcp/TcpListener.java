package org.jadi.device.tcp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import org.jadi.adi.device.DeviceException;

/** Opens the socket on which peers reach us. Cold. */
final class TcpListener {
    private static final int BACKLOG = 1024;

    private TcpListener() {}

    /**
     * Opens a listening socket on the first free port of the configured range.
     *
     * @throws DeviceException naming address and range if none is free
     */
    static ServerSocketChannel open(TcpConfig config) {
        InetAddress host = config.bind().isEmpty() ? null : TcpInterfaces.literal(config.bind(), "jadi.tcp.bind");
        IOException last = null;
        for (int port = config.firstPort(); port <= config.lastPort(); port++) {
            ServerSocketChannel channel = null;
            try {
                channel = ServerSocketChannel.open();
                channel.configureBlocking(false);
                if (config.socketBufferBytes() > 0) {
                    channel.setOption(StandardSocketOptions.SO_RCVBUF, config.socketBufferBytes());
                }
                channel.bind(new InetSocketAddress(host, port), BACKLOG);
                return channel;
            } catch (IOException e) {
                TcpConnection.closeQuietly(channel);
                last = e;
            }
        }
        throw new DeviceException("cannot listen: jadi.tcp.bind=" + config.bind() + " jadi.tcp.port=" + config.firstPort() + "-"
                + config.lastPort() + ": " + (last == null ? "no port" : last.getMessage())
                + "; choose an address of this host and a range with free ports", last);
    }
}
