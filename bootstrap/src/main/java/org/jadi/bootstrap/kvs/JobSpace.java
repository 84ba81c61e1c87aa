package org.jadi.bootstrap.kvs;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import org.jadi.bootstrap.KeyRules;

/**
 * What has been put since the last fence, and who has come to the next one. Ranks keep what a fence told them, so nothing
 * older is kept here. Used by the server's thread alone.
 */
final class JobSpace {
    private final int size;
    private final BitSet arrived;
    private StringBuilder news = new StringBuilder();
    private long storedChars;

    JobSpace(int size) {
        this.size = size;
        this.arrived = new BitSet(size);
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

    /** Returns what every rank is told when all have come, or null while some are missing. */
    byte[] completeIfAllArrived() {
        if (arrived.cardinality() < size) {
            return null;
        }
        arrived.clear();
        byte[] answer = news.append(KvsLine.write(KvsProtocol.BARRIER_OUT)).toString().getBytes(StandardCharsets.US_ASCII);
        news = new StringBuilder();
        return answer;
    }
}
