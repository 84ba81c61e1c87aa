package org.jadi.device.ucx;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Ranges of addresses, and what lies in each; they may overlap. A look-up takes no lock and allocates nothing, because it is
 * made for each long message; changes copy the table. Any thread.
 */
final class AddressRanges<T> {
    private record Range<T>(long first, long end, T value) {}

    /**
     * Ranges by first address.
     *
     * @param mostEnd the greatest end of all ranges up to the one with this index
     */
    private record Table(long[] first, long[] end, long[] mostEnd, Object[] values) {}

    private final List<Range<T>> ranges = new ArrayList<>(); // guarded by this
    private volatile Table table = new Table(new long[0], new long[0], new long[0], new Object[0]);

    synchronized void add(long first, long bytes, T value) {
        ranges.add(new Range<>(first, first + bytes, value));
        ranges.sort(Comparator.comparingLong(Range::first));
        publish();
    }

    /** Takes the range of a value out; returns whether there was one. */
    synchronized boolean remove(T value) {
        boolean was = ranges.removeIf(range -> range.value == value);
        publish();
        return was;
    }

    private void publish() {
        int n = ranges.size();
        Table t = new Table(new long[n], new long[n], new long[n], new Object[n]);
        long most = Long.MIN_VALUE;
        for (int i = 0; i < n; i++) {
            Range<T> range = ranges.get(i);
            t.first[i] = range.first;
            t.end[i] = range.end;
            t.mostEnd[i] = most = Math.max(most, range.end);
            t.values[i] = range.value;
        }
        table = t;
    }

    /** Returns what lies in a range that holds all these bytes, or null. */
    @SuppressWarnings("unchecked") // only add fills the table
    T find(long address, long length) {
        Table t = table;
        int low = 0;
        int high = t.first.length;
        while (low < high) {
            int middle = low + high >>> 1;
            if (t.first[middle] <= address) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        long end = address + length;
        for (int i = low - 1; i >= 0 && t.mostEnd[i] >= end; i--) {
            if (t.end[i] >= end) {
                return (T) t.values[i];
            }
        }
        return null;
    }

    /** Returns all values, as they are now, by address. */
    synchronized List<T> values() {
        return ranges.stream().map(Range::value).toList();
    }
}
