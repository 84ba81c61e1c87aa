package org.jadi.device.ucx;

/**
 * One packet as an active message. Little-endian.
 *
 * <pre>
 *  offset 0                                 32        40      44         48            48 + n
 *         +---------------------------------+---------+-------+----------+-- - - - - --+
 *         | header of the engine: 4 x i64   | key     | rank  | number   | payload     |
 *         +---------------------------------+---------+-------+----------+-- - - - - --+
 * </pre>
 */
final class PacketDescriptor {
    static final int WORDS_OFFSET = 0;

    /** The key that the receiver published. */
    static final int KEY_OFFSET = 32;

    /** Rank of the sender; with {@link #ANNOUNCEMENT} if the packet is the device's own. */
    static final int RANK_OFFSET = 40;

    /** Number of the packet on its way from rank to rank, from 0; it wraps. */
    static final int NUMBER_OFFSET = 44;
    static final int PAYLOAD_OFFSET = 48;

    /** Bit of the rank that marks announcements of memory: they carry no number. */
    static final int ANNOUNCEMENT = 1 << 31;

    private PacketDescriptor() {}
}
