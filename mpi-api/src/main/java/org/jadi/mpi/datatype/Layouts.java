package org.jadi.mpi.datatype;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Puts layouts together, in the simplest form that is seen at once: adjacent runs become one, equal distances a loop. */
final class Layouts {
    /** A sequence within a sequence is dissolved up to this many parts, so that its ends can join their neighbours. */
    private static final int MOST_DISSOLVED = 64;

    private Layouts() {}

    /** Returns copies of a layout at equal distances. */
    static Layout repeat(long count, long stride, Layout each) {
        if (count == 0 || each.size == 0) {
            return Layout.EMPTY;
        }
        if (count == 1) {
            return each;
        }
        if (each instanceof Run run && run.size == stride) {
            return new Run(run.kind, run.offset, Math.multiplyExact(count, stride));
        }
        if (each instanceof Loop loop && stride == loop.count * loop.stride) {
            return new Loop(loop.offset, Math.multiplyExact(count, loop.count), loop.stride, loop.child);
        }
        return new Loop(0, count, stride, each);
    }

    /** Returns copies of a layout at given places. The array is not changed, but may be kept. */
    static Layout blocks(long[] displacements, Layout each) {
        int n = displacements.length;
        if (n == 0 || each.size == 0) {
            return Layout.EMPTY;
        }
        long step = n < 2 ? 0 : displacements[1] - displacements[0];
        boolean regular = true;
        boolean apart = true;
        for (int i = 1; i < n; i++) {
            long distance = displacements[i] - displacements[i - 1];
            regular &= distance == step;
            apart &= distance != each.size;
        }
        if (regular) {
            return repeat(n, step, each).shifted(displacements[0]);
        }
        if (each instanceof Run run && !apart) {
            long[] lengths = new long[n];
            Arrays.fill(lengths, run.size);
            return ragged(run.kind, lengths, displacements).shifted(run.offset);
        }
        return new Blocks(displacements, each);
    }

    /** Returns runs of given lengths (bytes) at given places; empty ones are left out. The arrays are not changed. */
    static Layout ragged(Kind kind, long[] lengths, long[] displacements) {
        long[] at = new long[lengths.length];
        long[] starts = new long[lengths.length + 1];
        int n = 0;
        long bytes = 0;
        boolean equal = true;
        for (int i = 0; i < lengths.length; i++) {
            if (lengths[i] == 0) {
                continue;
            }
            bytes = Math.addExact(bytes, lengths[i]);
            boolean adjacent = n > 0 && at[n - 1] + starts[n] - starts[n - 1] == displacements[i];
            if (!adjacent) {
                equal &= n < 2 || starts[n] - starts[n - 1] == starts[1];
                at[n++] = displacements[i];
            }
            starts[n] = bytes;
        }
        if (n == 0) {
            return Layout.EMPTY;
        }
        long[] places = Arrays.copyOf(at, n);
        equal &= n < 2 || starts[n] - starts[n - 1] == starts[1];
        // Nothing adjacent is left, so blocks does not come back here.
        return equal ? blocks(places, new Run(kind, 0, starts[1])) : new Ragged(kind, places, Arrays.copyOf(starts, n + 1));
    }

    /** Returns layouts one after the other in the message. */
    static Layout join(List<Layout> parts) {
        List<Layout> joined = new ArrayList<>(parts.size());
        for (Layout part : parts) {
            if (part instanceof Sequence s && s.children.length <= MOST_DISSOLVED) {
                for (Layout child : s.children) {
                    append(joined, child.shifted(s.offset));
                }
            } else {
                append(joined, part);
            }
        }
        return switch (joined.size()) {
            case 0 -> Layout.EMPTY;
            case 1 -> joined.getFirst();
            default -> new Sequence(joined);
        };
    }

    private static void append(List<Layout> joined, Layout part) {
        if (part.size == 0) {
            return;
        }
        if (part instanceof Run next && !joined.isEmpty() && joined.getLast() instanceof Run last && last.kind == next.kind
                && last.high == next.offset) {
            joined.set(joined.size() - 1, new Run(last.kind, last.offset, Math.addExact(last.size, next.size)));
        } else {
            joined.add(part);
        }
    }

    /** Returns the last index below the end whose start is not after a position. */
    static int find(long[] starts, long position) {
        int low = 0;
        int high = starts.length - 2;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (starts[middle] <= position) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    static long least(long[] values) {
        return Arrays.stream(values).min().orElse(0);
    }

    static long greatest(long[] values) {
        return Arrays.stream(values).max().orElse(0);
    }
}
