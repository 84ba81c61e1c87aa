package org.jadi.adi.match;

import java.util.function.Consumer;
import org.jadi.adi.request.Request;

/**
 * Bins by (context, source, tag): a chained hash table that grows with the number of keys in use. Bins that ran empty
 * stay until the table would have to grow, because the same key mostly comes back. Guarded by its owner's lock.
 */
final class BinTable {
    private Bin[] buckets = new Bin[8];
    private int count;
    private Bin last;

    /** Whether there may be a bin for any tag: mostly there is none, and need not be looked for. */
    private boolean hasAnyTag;

    /** Returns the first node with a key, or null. */
    MatchNode first(int context, int source, int tag) {
        Bin bin = find(context, source, tag);
        return bin == null ? null : bin.head;
    }

    /** Returns the node that was appended first among those with this tag and those with any, or null. */
    MatchNode earlier(int context, int tag) {
        MatchNode exact = first(context, 0, tag);
        MatchNode any = hasAnyTag ? first(context, 0, Request.ANY) : null;
        return exact == null || any != null && any.sequence - exact.sequence < 0 ? any : exact;
    }

    /** Appends a node to the bin of a key. */
    void append(MatchNode node, int context, int source, int tag) {
        Bin bin = find(context, source, tag);
        if (bin == null) {
            bin = create(context, source, tag);
        }
        bin.append(node);
    }

    /** Calls an action for every node, in no particular order over bins. */
    void forEach(Consumer<MatchNode> action) {
        for (Bin bucket : buckets) {
            for (Bin bin = bucket; bin != null; bin = bin.nextInBucket) {
                for (MatchNode node = bin.head; node != null;) {
                    MatchNode next = node.next;
                    action.accept(node);
                    node = next;
                }
            }
        }
    }

    private Bin find(int context, int source, int tag) {
        Bin bin = last;
        if (bin != null && bin.tag == tag && bin.context == context && bin.source == source) {
            return bin;
        }
        for (bin = buckets[slot(context, source, tag)]; bin != null; bin = bin.nextInBucket) {
            if (bin.tag == tag && bin.context == context && bin.source == source) {
                last = bin;
                return bin;
            }
        }
        return null;
    }

    private Bin create(int context, int source, int tag) {
        if (count >= buckets.length) {
            rebuild();
        }
        Bin bin = new Bin(context, source, tag);
        insert(bin);
        hasAnyTag |= tag == Request.ANY;
        last = bin;
        return bin;
    }

    private void insert(Bin bin) {
        int slot = slot(bin.context, bin.source, bin.tag);
        bin.nextInBucket = buckets[slot];
        buckets[slot] = bin;
        count++;
    }

    /** Drops empty bins, and grows where more than half of the bins are in use. */
    private void rebuild() {
        int used = 0;
        for (Bin bucket : buckets) {
            for (Bin bin = bucket; bin != null; bin = bin.nextInBucket) {
                used += bin.head == null ? 0 : 1;
            }
        }
        Bin[] old = buckets;
        buckets = new Bin[used > old.length / 2 ? old.length * 2 : old.length];
        count = 0;
        last = null;
        for (Bin bucket : old) {
            for (Bin bin = bucket; bin != null;) {
                Bin next = bin.nextInBucket;
                if (bin.head != null) {
                    insert(bin);
                }
                bin = next;
            }
        }
    }

    private int slot(int context, int source, int tag) {
        int h = context * 0x9E3779B1 + source * 0x85EBCA6B + tag * 0xC2B2AE35;
        h ^= h >>> 15;
        h *= 0x2C1B3C6D;
        h ^= h >>> 13;
        return h & buckets.length - 1;
    }
}
