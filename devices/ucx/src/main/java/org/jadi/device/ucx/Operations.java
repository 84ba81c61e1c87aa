package org.jadi.device.ucx;

import java.util.Arrays;
import java.util.function.IntConsumer;

/** Operations that UCX has under way, by number. Guarded by the device's lock. */
final class Operations {
    private IntConsumer[] ends = new IntConsumer[16];
    private int[] free = new int[16];
    private int freeCount;

    Operations() {
        addFree(0, ends.length);
    }

    /** Adds an operation; {@code end} is called under the lock with UCX's status. */
    int add(IntConsumer end) {
        if (freeCount == 0) {
            int old = ends.length;
            ends = Arrays.copyOf(ends, old * 2);
            free = new int[old * 2];
            addFree(old, old * 2);
        }
        int operation = free[--freeCount];
        ends[operation] = end;
        return operation;
    }

    /** Takes out an operation that ended at once. */
    void forget(int operation) {
        ends[operation] = null;
        free[freeCount++] = operation;
    }

    void end(int operation, int status) {
        IntConsumer end = ends[operation];
        forget(operation);
        end.accept(status);
    }

    private void addFree(int from, int to) {
        for (int i = to - 1; i >= from; i--) {
            free[freeCount++] = i;
        }
    }
}
