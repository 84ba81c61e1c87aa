package org.jadi.launcher.remote;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Collection;
import java.util.Map;

/** Writes the body of a frame. Integers have 4 bytes, big-endian; texts and bytes are preceded by their length. */
final class BodyWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    BodyWriter integer(int value) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
        return this;
    }

    BodyWriter number(long value) {
        out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
        return this;
    }

    BodyWriter flag(boolean value) {
        return integer(value ? 1 : 0);
    }

    BodyWriter bytes(byte[] value, int count) {
        integer(count);
        out.write(value, 0, count);
        return this;
    }

    BodyWriter text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return bytes(bytes, bytes.length);
    }

    BodyWriter texts(Collection<String> values) {
        integer(values.size());
        values.forEach(this::text);
        return this;
    }

    BodyWriter map(Map<String, String> values) {
        integer(values.size());
        values.forEach((name, value) -> text(name).text(value));
        return this;
    }

    BodyWriter set(BitSet value) {
        byte[] bytes = value.toByteArray();
        return bytes(bytes, bytes.length);
    }

    byte[] done() {
        return out.toByteArray();
    }
}
