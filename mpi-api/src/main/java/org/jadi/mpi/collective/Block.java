package org.jadi.mpi.collective;

/**
 * A part of a buffer.
 *
 * @param memory the buffer
 * @param from first byte
 * @param bytes length
 */
public record Block(Memory memory, long from, long bytes) {
    /** Returns a part of this part. */
    public Block slice(long start, long length) {
        assert start >= 0 && length >= 0 && start + length <= bytes : start + "+" + length + " of " + bytes;
        return new Block(memory, from + start, length);
    }

    /** Returns the part of the same place in another block, for two that were cut alike. */
    boolean isSame(Block other) {
        return memory == other.memory && from == other.from;
    }
}
