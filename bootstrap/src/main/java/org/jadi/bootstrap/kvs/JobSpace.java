package org.jadi.bootstrap.kvs;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import org.jadi.bootstrap.KeyRules;

/**
 * What has been put since the last fence, and who has come to the next one. Ranks keep what a fence told them, so nothing
 * older is kept here. Used by the server's thread alone.
 */
final class JobSpace {
    private final BitSet members;
    private final BitSet arrived;
    private StringBuilder news = new StringBuilder();
    private long storedChars;

    /** Begins with nothing; fences are between these ranks. */
    JobSpace(BitSet members) {
        this.members = members;
        this.arrived = new BitSet(members.length());
    }

    /** Stores the pair in a line. Returns false if it is malformed or too much. */
    boolean put(KvsLine line) {
        String key = line.field(KvsProtocol.KEY);
        byte[] value = line.bytes(KvsProtocol.VALUE);
        if (!KeyRules.legalKey(key) || value == null || value.length > KeyRules.MAX_VALUE_BYTES) {
            return false;
        }
        String pair = KvsLine.write(KvsProtocol.KEY_VALUE, KvsProtocol.KEY, key, KvsProtocol.VALUE, KvsLine.encode(value));
        storedChars += pair.length();
        if (storedChars > KvsProtocol.MAX_STORE_CHARS) {
            return false;
        }
        news.append(pair);
        return true;
    }

    /** A rank comes to the fence. Returns false if it is there already. */
    boolean arrive(int rank) {
        if (arrived.get(rank)) {
            return false;
        }
        arrived.set(rank);
        return true;
    }

    /** Returns the lines with all pairs since the last fence when all have come, or null while some are missing. */
    byte[] newsIfAllArrived() {
        if (!arrived.equals(members)) {
            return null;
        }
        arrived.clear();
        byte[] lines = news.toString().getBytes(StandardCharsets.US_ASCII);
        news = new StringBuilder();
        return lines;
    }
}
