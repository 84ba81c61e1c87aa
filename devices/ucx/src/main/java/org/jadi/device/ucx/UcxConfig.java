package org.jadi.device.ucx;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jadi.adi.config.CommonKeys;
import org.jadi.adi.config.Config;
import org.jadi.adi.config.ConfigKey;
import org.jadi.adi.config.ConfigKey.Type;

/**
 * The knobs of the device.
 *
 * @param library name or path of libucp
 * @param tls transports as in UCX_TLS; empty to leave the choice to UCX and the environment
 * @param direct whether UCX is called through the FFM API, rather than by jucx alone
 * @param maxPayloadBytes largest payload of one packet
 * @param eagerLimitBytes messages up to this size are sent without asking
 * @param sendBytes most bytes of packets to one peer that UCX has not finished with
 * @param bulkBytes from this size on a message's data goes from memory to memory
 * @param keepBytes packets from this size on are kept where UCX put them until they are delivered
 * @param aliveNs how often peers are asked whether they live
 * @param usePointers whether memory of ranks on this node is reached by load and store
 * @param mailboxBytes size of the ring into which a peer that sees this rank's memory writes; 0 for none
 * @param useNative whether calls into native libraries are allowed
 */
record UcxConfig(String library, String tls, boolean direct, int maxPayloadBytes, long eagerLimitBytes, int sendBytes, long bulkBytes,
        int keepBytes, long aliveNs, boolean usePointers,
        int mailboxBytes, boolean useNative) {
    static final ConfigKey LIBRARY = new ConfigKey("ucx.library", Type.TEXT, "libucp.so.0",
            "Name of UCX's library, or the path of one that the system does not find by itself.");
    static final ConfigKey TLS = new ConfigKey("ucx.tls", Type.TEXT, "",
            "Transports that UCX may use, as in UCX_TLS: posix, sysv, cma, tcp, rc, ud and others, comma-separated;"
            + " empty leaves UCX_TLS as it is.");
    static final ConfigKey BINDING = new ConfigKey("ucx.binding", Type.TEXT, "ffm",
            "How UCX is called: ffm (jucx, and direct calls for what happens with each message), or jucx (alone; slower).");
    static final ConfigKey MAX_PAYLOAD = new ConfigKey("ucx.maxPayloadBytes", Type.SIZE, "64k",
            "Largest payload of one packet, 64 to 16m.");
    static final ConfigKey EAGER = new ConfigKey("ucx.eagerLimitBytes", Type.SIZE, "16k",
            "Messages up to this many bytes are sent without asking the receiver.");
    static final ConfigKey SEND = new ConfigKey("ucx.sendBytes", Type.SIZE, "1m",
            "Bytes of packets to one peer that may wait in UCX; more wait in the engine.");
    static final ConfigKey BULK = new ConfigKey("ucx.bulkBytes", Type.SIZE, "16k",
            "From this many bytes on, data of a message that was asked for goes straight from memory to memory.");
    static final ConfigKey KEEP = new ConfigKey("ucx.keepBytes", Type.SIZE, "2k",
            "Packets with at least this much payload are not copied when they arrive, but kept where UCX put them.");
    static final ConfigKey ALIVE = new ConfigKey("ucx.keepAlive", Type.TIME, "500ms",
            "How often UCX asks each peer whether it lives; UCX_KEEPALIVE_INTERVAL goes before it.");

    static final ConfigKey POINTERS = new ConfigKey("ucx.pointers", Type.BOOLEAN, "true",
            "Whether memory of Mpi.allocate of ranks on the same node is reached by load and store; false leaves it to UCX.");

    static final ConfigKey MAILBOX = new ConfigKey("ucx.mailboxBytes", Type.SIZE, "256k",
            "Bytes of the ring from one rank to another, a power of two of at least 4 times ucx.maxPayloadBytes, in memory of UCX's"
            + " that both see; 0 leaves all packets to UCX.");

    static final List<ConfigKey> KEYS = List.of(LIBRARY, TLS, BINDING, MAX_PAYLOAD, EAGER, SEND, BULK, KEEP, ALIVE, POINTERS,
            MAILBOX);

    static UcxConfig of(Config c) {
        String binding = c.text(BINDING);
        if (!binding.equals("ffm") && !binding.equals("jucx")) {
            throw new IllegalArgumentException(BINDING.property() + " must be ffm or jucx: value=" + binding);
        }
        long mailbox = c.flag(POINTERS) ? c.bytes(MAILBOX, 0, 64 << 20) : 0;
        if (Long.bitCount(mailbox) > 1) {
            throw new IllegalArgumentException(MAILBOX.property() + " must be 0 or a power of two: value=" + mailbox);
        }
        return new UcxConfig(c.text(LIBRARY).strip(), c.text(TLS).strip(), binding.equals("ffm"), (int) c.bytes(MAX_PAYLOAD, 64, 16 << 20),
                c.bytes(EAGER, 0, Long.MAX_VALUE), (int) c.bytes(SEND, 0, 1 << 30), c.bytes(BULK, 1, Long.MAX_VALUE),
                (int) c.bytes(KEEP, 0, Integer.MAX_VALUE), c.nanos(ALIVE), c.flag(POINTERS), (int) mailbox, CommonKeys.allowsNative(c));
    }

    /**
     * Returns the variables of the environment that UCX needs if it says nothing else: warnings go nowhere (UCX prints on
     * standard output), signals stay the JVM's, and shared-memory transports serve endpoints that report errors. They are the
     * same for every device of a process.
     */
    static Map<String, String> environment() {
        return Map.of("UCX_LOG_LEVEL", "error", "UCX_ERROR_SIGNALS", "", "UCX_WARN_UNUSED_ENV_VARS", "n",
                "UCX_POSIX_ERROR_HANDLING", "y", "UCX_SYSV_ERROR_HANDLING", "y");
    }

    /**
     * Returns the variables of the environment for this device's context. They go before what the environment says; so what it
     * says is left out, but for the transports.
     *
     * @param environment variables of the process
     */
    Map<String, String> settings(Map<String, String> environment) {
        Map<String, String> s = new LinkedHashMap<>();
        // UCX polls an interface for the sake of the endpoints on it, and loses count of them on tcp (openucx issues 7964 and
        // 8738): what was accepted then stays where it is. Polled always, an idle tcp interface costs 0.3 us a turn.
        if (tls.isEmpty() || tls.contains("tcp") || tls.contains("all")) {
            s.put("UCX_ADAPTIVE_PROGRESS", "n");
            // With endpoints that report errors, UCX 1.13 sends long data over tcp in active messages as long as this, not into the
            // receiver's memory. Of 64 KiB, its default, 1 MiB takes 1.6 times as long.
            s.put("UCX_TCP_RX_SEG_SIZE", "256k");
        }
        s.put("UCX_KEEPALIVE_INTERVAL", Math.max(1, aliveNs / 1_000_000) + "ms");
        s.keySet().removeAll(environment.keySet());
        if (!tls.isEmpty()) {
            s.put("UCX_TLS", tls);
        }
        return s;
    }

    /** Returns whether ranks may reach each other through shared memory. */
    boolean mayShareMemory() {
        return tls.isEmpty() || tls.matches(".*(all|posix|sysv|shm|sm|xpmem).*");
    }
}
