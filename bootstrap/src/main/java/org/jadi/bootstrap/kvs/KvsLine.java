package org.jadi.bootstrap.kvs;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One line of the protocol: {@code cmd=put key=a value=Zm9v}. Fields are separated by single spaces; a field is a name of
 * lower-case letters and underscores, {@code =}, and a value of printable ASCII without spaces, which may be empty.
 *
 * @param command the value of the first field, which must be {@code cmd}
 * @param fields the other fields
 */
record KvsLine(String command, Map<String, String> fields) {
    /** Reads a line without its end. Returns null for anything malformed. */
    static KvsLine parse(String line) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : line.split(" ", -1)) {
            int equals = field.indexOf('=');
            if (equals < 1 || !legal(field) || fields.put(field.substring(0, equals), field.substring(equals + 1)) != null) {
                return null;
            }
        }
        if (!line.startsWith(KvsProtocol.CMD + "=")) {
            return null;
        }
        String command = fields.remove(KvsProtocol.CMD);
        return new KvsLine(command, fields);
    }

    private static boolean legal(String field) {
        for (int i = 0; i < field.length(); i++) {
            if (field.charAt(i) <= ' ' || field.charAt(i) >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    /** Returns a field, or the empty text. */
    String field(String name) {
        return fields.getOrDefault(name, "");
    }

    /** Returns the bytes in a Base64 field, or null if it is malformed. */
    byte[] bytes(String name) {
        try {
            return Base64.getDecoder().decode(field(name));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Returns the text in a Base64 field; empty if it is malformed. */
    String text(String name) {
        byte[] bytes = bytes(name);
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    /** Writes a line with its end. The arguments are names and values in turn. */
    static String write(String command, String... fields) {
        StringBuilder line = new StringBuilder(KvsProtocol.CMD).append('=').append(command);
        for (int i = 0; i < fields.length; i += 2) {
            line.append(' ').append(fields[i]).append('=').append(fields[i + 1]);
        }
        return line.append('\n').toString();
    }

    /** Returns bytes as Base64. */
    static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Returns a text as Base64 of at most so many of its UTF-8 bytes. */
    static String encode(String text, int mostBytes) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return encode(bytes.length <= mostBytes ? bytes : Arrays.copyOf(bytes, mostBytes));
    }
}
