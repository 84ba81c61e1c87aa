package org.jadi.adi.packet;

/**
 * The header of every packet, little-endian, as four words.
 *
 * <pre>
 *  word  bytes
 *  h0    0 type u8 | 1 flags u8 | 2 version u16 | 4 context u32
 *  h1    8 source u32 (rank of the sender in the communicator) | 12 tag i32
 *  h2    16 length i64 (bytes of the message, or an offset: see the type);
 *           EAGER, RTS: length u48 | 22 types u16, a hash of the basic types, 0 for none
 *  h3    24 request id i64
 * </pre>
 */
public final class PacketHeader {
    /** Version of the engine's protocol; the second half-word of {@code h0}. */
    public static final int VERSION = 2;

    /** First (mostly the only) packet of an eager message; {@code length} is that of the whole message. */
    public static final int EAGER = 1;

    /** Next part of the eager message arriving on this lane; {@code length}: the part's offset, {@code id}: all bytes. */
    public static final int EAGER_MORE = 2;

    /** Request to send: envelope, length and the sender's request id; with {@link #FLAG_GET} a token as payload. */
    public static final int RTS = 3;

    /** Clear to send: {@code id} is the sender's, {@code h1} the receiver's request id, {@code length} bytes wanted. */
    public static final int CTS = 4;

    /** Part of a rendezvous message: {@code id} is the receiver's request id, {@code length} the part's offset. */
    public static final int DATA = 5;

    /** The receiver has fetched the data (get protocol): {@code id} is the sender's request id. */
    public static final int FIN = 6;

    /** Returns eager credit: {@code length} bytes. */
    public static final int CREDIT = 7;

    /** The sender closed the library in good order and sends no more. */
    public static final int GOODBYE = 8;

    /** A packet for another rank, as payload: {@code h1} holds its first sender and its destination. */
    public static final int FORWARD = 9;

    /** Do you reach the rank in the tag? */
    public static final int RELAY_QUERY = 10;

    /** Answer to {@link #RELAY_QUERY}: {@code length} is the largest payload towards that rank, 0 for no. */
    public static final int RELAY_ANSWER = 11;

    /** The relay has passed on {@code length} bytes to the rank in the tag. */
    public static final int RELAY_RETURN = 12;

    /** The rank in the tag, which is reached through the sender, is lost. */
    public static final int RELAY_LOST = 13;

    /** First type that is free for handlers registered from outside the engine, up to 255. */
    public static final int FIRST_FREE_TYPE = 64;

    /** Longest message. */
    public static final long MAX_LENGTH = (1L << 48) - 1;

    /** Flag of {@link #RTS}: the payload is a token by which the receiver may fetch the data itself. */
    public static final int FLAG_GET = 1;

    /** Flag of {@link #RTS}: the devices may move the data. Flag of {@link #CTS}: they shall, under the receiver's id. */
    public static final int FLAG_BULK = 2;

    private PacketHeader() {}

    /** Returns the first word. */
    public static long h0(int type, int flags, int context) {
        return type | (long) flags << 8 | (long) VERSION << 16 | (long) context << 32;
    }

    /** Returns the second word. */
    public static long h1(int source, int tag) {
        return source & 0xffffffffL | (long) tag << 32;
    }

    /** Returns the third word of an envelope. */
    public static long h2(long length, int types) {
        return length | (long) types << 48;
    }

    /** Returns the length of the message, from the third word of an envelope. */
    public static long length(long h2) {
        return h2 & MAX_LENGTH;
    }

    /** Returns the hash of the basic types, or 0, from the third word of an envelope. */
    public static int types(long h2) {
        return (int) (h2 >>> 48);
    }

    /** Returns the packet type: 0 to 255. */
    public static int type(long h0) {
        return (int) h0 & 0xff;
    }

    /** Returns the flags. */
    public static int flags(long h0) {
        return (int) h0 >>> 8 & 0xff;
    }

    /** Returns the version of the protocol. */
    public static int version(long h0) {
        return (int) h0 >>> 16;
    }

    /** Returns the context id. */
    public static int context(long h0) {
        return (int) (h0 >>> 32);
    }

    /** Returns the sender's rank in the communicator. */
    public static int source(long h1) {
        return (int) h1;
    }

    /** Returns the tag. */
    public static int tag(long h1) {
        return (int) (h1 >>> 32);
    }
}
