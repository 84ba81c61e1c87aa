package org.jadi.device.tcp;

import java.util.List;
import org.jadi.adi.config.Config;
import org.jadi.adi.config.ConfigKey;
import org.jadi.adi.config.ConfigKey.Type;
import org.jadi.adi.device.DeviceException;

/**
 * Every knob of the device, read once at open.
 *
 * @param interfaces names of interfaces or addresses in CIDR notation to publish, comma-separated; empty for all
 * @param bind local address to listen on; empty for all
 * @param firstPort first port to try, 0 for any free one
 * @param lastPort last port to try
 * @param maxPayloadBytes largest payload of one packet, the same on all ranks
 * @param chunkBytes payload of each packet of a long message
 * @param eagerLimitBytes messages up to this size are sent without asking
 * @param receiveBufferBytes least size of a connection's receive buffer
 * @param sendBufferBytes size of a connection's send buffer
 * @param socketBufferBytes SO_SNDBUF and SO_RCVBUF, 0 to leave them to the system
 * @param directBytes payloads in native memory are written in place from this size on
 * @param flushBytes so much output is written at once, even when sends follow one another quickly
 * @param batchNs sends that follow one another more quickly than this are written together
 * @param pollLimit up to so many connections are read at each turn; more are asked for through a selector
 * @param pendingConnections how many strangers may be in their handshake at once
 * @param connectTimeoutNs how long one address may take until the connection stands
 * @param answerTimeoutNs how long a peer may take to answer on a connection that stands
 * @param handshakeTimeoutNs how long a stranger may take to prove itself
 * @param staggerNs how long an address is tried alone before the next one is tried beside it
 */
record TcpConfig(
        String interfaces,
        String bind,
        int firstPort,
        int lastPort,
        int maxPayloadBytes,
        int chunkBytes,
        long eagerLimitBytes,
        int receiveBufferBytes,
        int sendBufferBytes,
        int socketBufferBytes,
        int directBytes,
        int flushBytes,
        long batchNs,
        int pollLimit,
        int pendingConnections,
        long connectTimeoutNs,
        long answerTimeoutNs,
        long handshakeTimeoutNs,
        long staggerNs) {
    private static final int KIB = 1024;
    private static final int MOST_BUFFER_BYTES = 1 << 28;

    private static final ConfigKey INTERFACE = new ConfigKey("tcp.interface", Type.TEXT, "",
            "Network interfaces that peers may use to reach this rank: names or CIDR ranges, comma-separated; all if empty.");
    private static final ConfigKey BIND = new ConfigKey("tcp.bind", Type.TEXT, "",
            "Local address on which the device listens, such as 127.0.0.1; all if empty.");
    private static final ConfigKey PORT = new ConfigKey("tcp.port", Type.TEXT, "0",
            "Port on which the device listens: one port, a range such as 20000-20099, or 0 for any free port.");
    private static final ConfigKey MAX_PAYLOAD = new ConfigKey("tcp.maxPayloadBytes", Type.SIZE, "65408",
            "Largest payload of one packet in bytes, 64 to 16m; must be the same on all ranks.");
    private static final ConfigKey CHUNK = new ConfigKey("tcp.chunkBytes", Type.SIZE, "65408",
            "Payload of each packet of a long message; with the 40 bytes before it, it should fill whole network segments.");
    private static final ConfigKey EAGER_LIMIT = new ConfigKey("tcp.eagerLimitBytes", Type.SIZE, "512k",
            "Messages up to this many bytes are sent without asking the receiver first.");
    private static final ConfigKey RECEIVE_BUFFER = new ConfigKey("tcp.receiveBufferBytes", Type.SIZE, "256k",
            "Least size of the receive buffer of each connection; it is rounded up to whole packets.");
    private static final ConfigKey SEND_BUFFER = new ConfigKey("tcp.sendBufferBytes", Type.SIZE, "256k",
            "Least size of the send buffer of each connection; it is rounded up to a power of two that holds a packet.");
    private static final ConfigKey SOCKET_BUFFER = new ConfigKey("tcp.socketBufferBytes", Type.SIZE, "0",
            "Size of the system's socket buffers, both directions; 0 leaves them to the system. Less than"
            + " two frames of the network (128k on loopback) makes the system stall.");
    private static final ConfigKey DIRECT = new ConfigKey("tcp.directBytes", Type.SIZE, "8k",
            "Payloads in native memory are written without a copy from this many bytes on.");
    private static final ConfigKey FLUSH = new ConfigKey("tcp.flushBytes", Type.SIZE, "16k",
            "This many bytes of waiting output are written at once.");
    private static final ConfigKey BATCH = new ConfigKey("tcp.batchTime", Type.TIME, "10us",
            "Sends to one peer that follow each other within this time are written together; 0s writes each at once.");
    private static final ConfigKey POLL_LIMIT = new ConfigKey("tcp.pollLimit", Type.INTEGER, "1",
            "Up to this many connections are read directly at each poll; of more the system is asked which are ready.");
    private static final ConfigKey PENDING = new ConfigKey("tcp.pendingConnections", Type.INTEGER, "64",
            "Number of connections that may be in their handshake at once, 1 to 10000; the oldest gives way.");
    private static final ConfigKey CONNECT_TIMEOUT = new ConfigKey("tcp.connectTimeout", Type.TIME, "5s",
            "Time that one address of a peer may take until a connection stands.");
    private static final ConfigKey ANSWER_TIMEOUT = new ConfigKey("tcp.answerTimeout", Type.TIME, "60s",
            "Time that a peer may take to answer the handshake on a connection that stands.");
    private static final ConfigKey HANDSHAKE_TIMEOUT = new ConfigKey("tcp.handshakeTimeout", Type.TIME, "5s",
            "Time that a process which connects to this rank may take to prove that it belongs to the job.");

    private static final ConfigKey STAGGER = new ConfigKey("tcp.stagger", Type.TIME, "250ms",
            "Time for which one address of a peer is tried alone, before the next is tried beside it.");

    static final List<ConfigKey> KEYS = List.of(INTERFACE, BIND, PORT, MAX_PAYLOAD, CHUNK, EAGER_LIMIT, RECEIVE_BUFFER, SEND_BUFFER,
            SOCKET_BUFFER, DIRECT, FLUSH, BATCH, POLL_LIMIT, PENDING, CONNECT_TIMEOUT, ANSWER_TIMEOUT, HANDSHAKE_TIMEOUT,
            STAGGER);

    /** Reads and checks all keys; malformed values are reported with the name of their key. */
    static TcpConfig from(Config config) {
        int[] ports = ports(config.text(PORT).strip());
        int maxPayloadBytes = (int) config.bytes(MAX_PAYLOAD, 64, 16384L * KIB);
        return new TcpConfig(
                config.text(INTERFACE).strip(),
                config.text(BIND).strip(),
                ports[0],
                ports[1],
                maxPayloadBytes,
                (int) Math.min(maxPayloadBytes, config.bytes(CHUNK, 1, 16384L * KIB)),
                config.bytes(EAGER_LIMIT, 0, Long.MAX_VALUE),
                (int) config.bytes(RECEIVE_BUFFER, 0, MOST_BUFFER_BYTES),
                (int) config.bytes(SEND_BUFFER, 0, MOST_BUFFER_BYTES),
                (int) config.bytes(SOCKET_BUFFER, 0, MOST_BUFFER_BYTES),
                (int) config.bytes(DIRECT, 0, Integer.MAX_VALUE),
                (int) config.bytes(FLUSH, 0, MOST_BUFFER_BYTES),
                config.nanos(BATCH),
                config.integer(POLL_LIMIT, 0, Integer.MAX_VALUE),
                config.integer(PENDING, 1, 10_000),
                config.nanos(CONNECT_TIMEOUT),
                config.nanos(ANSWER_TIMEOUT),
                config.nanos(HANDSHAKE_TIMEOUT),
                config.nanos(STAGGER));
    }

    private static int[] ports(String text) {
        int dash = text.indexOf('-');
        try {
            int first = Integer.parseInt(dash < 0 ? text : text.substring(0, dash).strip());
            int last = dash < 0 ? first : Integer.parseInt(text.substring(dash + 1).strip());
            if (first >= 0 && first <= last && last <= 65535 && (first > 0 || last == 0)) {
                return new int[] {first, last};
            }
        } catch (NumberFormatException e) {
            throw malformedPort(text, e);
        }
        throw malformedPort(text, null);
    }

    private static DeviceException malformedPort(String text, Throwable cause) {
        return new DeviceException(PORT.property() + " must be a port from 1 to 65535, a range such as 20000-20099, or 0: value="
                + text, cause);
    }
}
