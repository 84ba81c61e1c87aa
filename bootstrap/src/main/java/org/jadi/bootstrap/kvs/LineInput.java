package org.jadi.bootstrap.kvs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads lines of bounded length. Used by one thread. */
public final class LineInput {
    private static final int FIRST_CAPACITY = 8192;

    private final InputStream in;
    private byte[] buffer = new byte[FIRST_CAPACITY];
    private int start;
    private int end;

    /** Reads lines from a stream that it does not close. */
    public LineInput(InputStream in) {
        this.in = in;
    }

    /**
     * Returns the next line without its end, or null at the end of the stream; a last line without end is dropped.
     *
     * @throws IOException also for a line that is too long
     */
    public String next() throws IOException {
        int searched = start;
        while (true) {
            for (; searched < end; searched++) {
                if (buffer[searched] == '\n') {
                    String line = new String(buffer, start, searched - start, StandardCharsets.ISO_8859_1);
                    start = searched + 1;
                    return line;
                }
            }
            searched -= makeRoom();
            int count = in.read(buffer, end, buffer.length - end);
            if (count < 0) {
                return null;
            }
            end += count;
        }
    }

    /** Returns by how much the unread bytes moved to the front. */
    private int makeRoom() throws IOException {
        int moved = start;
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }
        if (end > KvsProtocol.MAX_LINE_BYTES) {
            throw new IOException("a line is longer than " + KvsProtocol.MAX_LINE_BYTES + " bytes");
        }
        if (end == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
        return moved;
    }
}
