package org.jadi.mpi.collective;

/** Algorithms of allgather. Our own block is in its place already. */
final class Allgathers {
    private Allgathers() {}

    /** Everybody sends to everybody. */
    static void linear(Schedule s, Block[] blocks) {
        for (int i = 1; i < s.size; i++) {
            int from = (s.rank - i + s.size) % s.size;
            s.receive(from, blocks[from]);
            s.send((s.rank + i) % s.size, blocks[s.rank]);
        }
    }

    /** The blocks go around. */
    static void ring(Schedule s, Block[] blocks) {
        int next = (s.rank + 1) % s.size;
        int last = (s.rank - 1 + s.size) % s.size;
        for (int k = 0; k < s.size - 1; k++) {
            s.sendSome(next, blocks[(s.rank - k + s.size) % s.size]);
            s.receiveSome(last, blocks[(s.rank - k - 1 + s.size) % s.size]);
        }
    }

    /** Groups of a power of two exchange all they have; the blocks are one run of memory, the number of ranks a power of two. */
    static void recursiveDoubling(Schedule s, Block all, Block[] blocks) {
        for (int mask = 1; mask < s.size; mask <<= 1) {
            int partner = s.rank ^ mask;
            int mine = s.rank & -mask;
            int theirs = partner & -mask;
            s.send(partner, Parts.join(all, blocks, mine, mine + mask));
            s.receive(partner, Parts.join(all, blocks, theirs, theirs + mask));
        }
    }

    /** In round k everybody gets all that the rank 2^k above has; through temporary memory, in a logarithmic number of rounds. */
    static void bruck(Schedule s, Block[] blocks) {
        long[] at = new long[s.size + 1];
        for (int i = 0; i < s.size; i++) {
            at[i + 1] = at[i] + blocks[(s.rank + i) % s.size].bytes();
        }
        Block rotated = s.temp(at[s.size]);
        s.copy(blocks[s.rank], rotated.slice(0, at[1]));
        for (long d = 1; d < s.size; d <<= 1) {
            int distance = (int) d;
            int number = Math.min(distance, s.size - distance);
            s.sendSome((s.rank - distance + s.size) % s.size, rotated.slice(0, at[number]));
            s.receiveSome((s.rank + distance) % s.size,
                    rotated.slice(at[distance], at[distance + number] - at[distance]));
        }
        for (int i = 1; i < s.size; i++) {
            s.copy(rotated.slice(at[i], at[i + 1] - at[i]), blocks[(s.rank + i) % s.size]);
        }
    }
}
