package org.jadi.adi.match;

/** A first-in-first-out list of nodes with the same key. Guarded by the lock of its {@link BinTable}. */
final class Bin {
    final int context;
    final int source;
    final int tag;
    MatchNode head;
    Bin nextInBucket;
    private MatchNode tail;

    Bin(int context, int source, int tag) {
        this.context = context;
        this.source = source;
        this.tag = tag;
    }

    void append(MatchNode node) {
        node.bin = this;
        node.previous = tail;
        node.next = null;
        if (tail == null) {
            head = node;
        } else {
            tail.next = node;
        }
        tail = node;
    }

    static void remove(MatchNode node) {
        Bin bin = node.bin;
        if (node.previous == null) {
            bin.head = node.next;
        } else {
            node.previous.next = node.next;
        }
        if (node.next == null) {
            bin.tail = node.previous;
        } else {
            node.next.previous = node.previous;
        }
        node.bin = null;
        node.next = null;
        node.previous = null;
    }
}
