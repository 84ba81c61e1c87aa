package org.jadi.scopes.topology;

import java.util.List;

/**
 * A matrix of numbers between objects, such as the latencies between memory nodes. Immutable. Any thread.
 *
 * @param name hwloc's name, {@code NUMALatency}; empty text if it has none
 * @param objects the objects, in the order of rows and columns
 * @param larger whether a greater number means nearer (a bandwidth) rather than farther (a latency)
 * @param values row by row, {@code objects.size()} squared
 */
public record Distances(String name, List<HwObject> objects, boolean larger, List<Long> values) {
    /** Checks that the matrix is square. */
    public Distances {
        objects = List.copyOf(objects);
        values = List.copyOf(values);
        if (values.size() != objects.size() * objects.size()) {
            throw new IllegalArgumentException("a matrix of distances is square: objects=" + objects.size() + " values="
                    + values.size());
        }
    }

    /**
     * Returns the number from one object to another, in the matrix's own unit.
     *
     * @throws IllegalArgumentException if an object is not in the matrix
     */
    public long between(HwObject from, HwObject to) {
        int row = objects.indexOf(from);
        int column = objects.indexOf(to);
        if (row < 0 || column < 0) {
            throw new IllegalArgumentException("no distance is known: matrix=" + name + " from=" + from + " to=" + to);
        }
        return values.get(row * objects.size() + column);
    }
}
