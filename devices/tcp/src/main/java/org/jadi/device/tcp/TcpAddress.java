package org.jadi.device.tcp;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jadi.adi.device.DeviceException;

/**
 * What a peer must know to reach us.
 *
 * <pre>
 *  offset 0         2      4                 8        24      25
 *         +---------+------+-----------------+--------+-------+--------------------------------+
 *         | version | port | maxPayloadBytes | hostId | count | count x { length 4|16, bytes } |
 *         +---------+------+-----------------+--------+-------+--------------------------------+
 * </pre>
 *
 * @param version of the wire protocol
 * @param port of the listening socket
 * @param maxPayloadBytes largest payload that we accept
 * @param hostId 16 bytes that are equal for ranks which reach each other through loopback
 * @param hosts addresses in the order of preference for a peer on another host; loopback last
 */
record TcpAddress(int version, int port, int maxPayloadBytes, byte[] hostId, List<InetAddress> hosts) {
    static final int HOST_ID_BYTES = 16;
    static final int MOST_HOSTS = 32;
    private static final int FIXED_BYTES = 9 + HOST_ID_BYTES;
    private static final int MOST_HOST_BYTES = 17;

    /** Limits the number of hosts. */
    TcpAddress {
        hosts = List.copyOf(hosts.subList(0, Math.min(MOST_HOSTS, hosts.size())));
    }

    /** Returns the bytes that are published. */
    byte[] encode() {
        ByteBuffer b = ByteBuffer.allocate(FIXED_BYTES + MOST_HOST_BYTES * hosts.size()).order(ByteOrder.LITTLE_ENDIAN);
        b.putShort((short) version).putShort((short) port).putInt(maxPayloadBytes).put(hostId).put((byte) hosts.size());
        for (InetAddress host : hosts) {
            b.put((byte) host.getAddress().length).put(host.getAddress());
        }
        return Arrays.copyOf(b.array(), b.position());
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws DeviceException if it is malformed or of another version; the message is a clause for {@code refusal}
     */
    static TcpAddress decode(byte[] bytes) {
        ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try {
            int version = b.getShort() & 0xffff;
            if (version != TcpFrame.VERSION) {
                throw new DeviceException("speaks another protocol version: ours=" + TcpFrame.VERSION + " theirs=" + version
                        + "; use the same Jadi version on all ranks");
            }
            int port = b.getShort() & 0xffff;
            int maxPayloadBytes = b.getInt();
            byte[] hostId = new byte[HOST_ID_BYTES];
            b.get(hostId);
            List<InetAddress> hosts = new ArrayList<>();
            for (int count = b.get() & 0xff; count > 0; count--) {
                byte[] host = new byte[b.get() == 4 ? 4 : 16];
                b.get(host);
                hosts.add(InetAddress.getByAddress(host));
            }
            return new TcpAddress(version, port, maxPayloadBytes, hostId, hosts);
        } catch (BufferUnderflowException | UnknownHostException e) {
            throw new DeviceException("published a malformed address: length=" + bytes.length, e);
        }
    }

    /** Returns the hosts in the order in which a rank with this host identity tries them. */
    List<InetAddress> hostsFor(byte[] seekerHostId) {
        List<InetAddress> order = new ArrayList<>(hosts);
        if (Arrays.equals(hostId, seekerHostId)) {
            order.sort((a, b) -> Boolean.compare(b.isLoopbackAddress(), a.isLoopbackAddress()));
        }
        return order;
    }
}
