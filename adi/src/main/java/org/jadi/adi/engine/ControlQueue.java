package org.jadi.adi.engine;

import org.jadi.adi.packet.PacketHeader;

/** Control packets (four words each) that found no room, in order. Guarded by the peer's send lock. */
final class ControlQueue {
    private long[] words = new long[16];
    private int head;
    private int count;

    boolean isEmpty() {
        return count == 0;
    }

    void add(long h0, long h1, long h2, long h3) {
        if ((count + 1) * 4 > words.length) {
            grow();
        }
        int at = (head + count) * 4 % words.length;
        words[at] = h0;
        words[at + 1] = h1;
        words[at + 2] = h2;
        words[at + 3] = h3;
        count++;
    }

    /** Returns word {@code i} of the first packet. */
    long first(int i) {
        return words[head * 4 + i];
    }

    void removeFirst() {
        head = (head + 1) % (words.length / 4);
        count--;
    }

    /** Takes out all packets of one type. */
    void removeAll(int type) {
        ControlQueue kept = new ControlQueue();
        for (; !isEmpty(); removeFirst()) {
            if (PacketHeader.type(first(0)) != type) {
                kept.add(first(0), first(1), first(2), first(3));
            }
        }
        words = kept.words;
        head = 0;
        count = kept.count;
    }

    void clear() {
        count = 0;
    }

    private void grow() {
        long[] larger = new long[words.length * 2];
        int packets = words.length / 4;
        for (int i = 0; i < count; i++) {
            System.arraycopy(words, (head + i) % packets * 4, larger, i * 4, 4);
        }
        words = larger;
        head = 0;
    }
}
