package org.jadi.mpi;

import java.util.AbstractList;
import java.util.RandomAccess;

/** An unchangeable list over a copy of an array, without an object for each number. */
final class LongList extends AbstractList<Long> implements RandomAccess {
    private static final int MOST_SHOWN = 16;

    private final long[] values;

    LongList(long... values) {
        this.values = values.clone();
    }

    static LongList of(int... values) {
        long[] wide = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = values[i];
        }
        return new LongList(wide);
    }

    @Override
    public Long get(int index) {
        return values[index];
    }

    @Override
    public int size() {
        return values.length;
    }

    @Override
    public String toString() {
        StringBuilder s = new StringBuilder("[");
        for (int i = 0; i < Math.min(values.length, MOST_SHOWN); i++) {
            s.append(i == 0 ? "" : ", ").append(values[i]);
        }
        return s.append(values.length > MOST_SHOWN ? ", ... " + values.length + " in all]" : "]").toString();
    }
}
