package org.jadi.launcher.remote;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;

/**
 * One message between nodes.
 *
 * <pre>
 *  offset 0        4      5       9                4 + length     big-endian
 *         +--------+------+-------+----------------+
 *         | length | type | host  | body           |
 *         +--------+------+-------+----------------+
 * </pre>
 *
 * @param type what it means
 * @param host number of the host that it comes from (up) or goes to (down), or {@link #ALL}
 * @param body what the type says, see {@link BodyWriter}
 */
record Frame(FrameType type, int host, byte[] body) {
    /** In place of a host: every host. */
    static final int ALL = -1;

    private static final int FIXED_BYTES = 5;
    private static final int MAX_LENGTH = 1 << 29;
    private static final byte[] NOTHING = {};

    /** A frame without a body. */
    Frame(FrameType type, int host) {
        this(type, host, NOTHING);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(FIXED_BYTES + body.length);
        out.writeByte(type.ordinal());
        out.writeInt(host);
        out.write(body);
    }

    /**
     * Reads the next frame. Returns null at the end of the stream.
     *
     * @throws IOException also for what is no frame
     */
    static Frame read(DataInputStream in) throws IOException {
        int length;
        try {
            length = in.readInt();
        } catch (EOFException e) {
            return null;
        }
        if (length < FIXED_BYTES || length > MAX_LENGTH) {
            throw new IOException("not a frame: length=" + length);
        }
        FrameType type = FrameType.of(in.readByte());
        if (type == null) {
            throw new IOException("not a frame: unknown type");
        }
        int host = in.readInt();
        byte[] body = in.readNBytes(length - FIXED_BYTES); // Allocates as it comes, not what is promised.
        return body.length < length - FIXED_BYTES ? null : new Frame(type, host, body);
    }
}
