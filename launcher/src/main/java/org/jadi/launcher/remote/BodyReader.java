package org.jadi.launcher.remote;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what {@link BodyWriter} wrote. Throws {@link BufferUnderflowException} for what it did not write. */
final class BodyReader {
    private final ByteBuffer in;

    BodyReader(byte[] body) {
        in = ByteBuffer.wrap(body);
    }

    int integer() {
        return in.getInt();
    }

    long number() {
        return in.getLong();
    }

    boolean flag() {
        return in.getInt() != 0;
    }

    byte[] bytes() {
        int count = in.getInt();
        if (count < 0 || count > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[count];
        in.get(bytes);
        return bytes;
    }

    String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (int left = in.getInt(); left > 0; left--) {
            texts.add(text());
        }
        return texts;
    }

    Map<String, String> map() {
        Map<String, String> map = new LinkedHashMap<>();
        for (int left = in.getInt(); left > 0; left--) {
            String name = text();
            map.put(name, text());
        }
        return map;
    }

    BitSet set() {
        return BitSet.valueOf(bytes());
    }
}
