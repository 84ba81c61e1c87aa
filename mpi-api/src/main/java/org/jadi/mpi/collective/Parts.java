package org.jadi.mpi.collective;

/** Cutting of blocks. */
final class Parts {
    private Parts() {}

    /** Cuts a block into as equal parts as can be, between elements. */
    static Block[] of(Block block, int number, long elementBytes) {
        long elements = block.bytes() / elementBytes;
        Block[] parts = new Block[number];
        for (int i = 0; i < number; i++) {
            long from = start(elements, number, i);
            parts[i] = block.slice(from * elementBytes, (start(elements, number, i + 1) - from) * elementBytes);
        }
        return parts;
    }

    private static long start(long elements, int number, int part) {
        return elements / number * part + Math.min(part, elements % number);
    }

    /** Returns what parts {@code first} to {@code end - 1} of a block cover. */
    static Block join(Block block, Block[] parts, int first, int end) {
        long from = parts[first].from() - block.from();
        long to = parts[end - 1].from() + parts[end - 1].bytes() - block.from();
        return block.slice(from, to - from);
    }

    /** Returns a segment length that is whole elements. */
    static long segment(long segmentBytes, long elementBytes) {
        return Math.max(1, segmentBytes / elementBytes) * elementBytes;
    }
}
