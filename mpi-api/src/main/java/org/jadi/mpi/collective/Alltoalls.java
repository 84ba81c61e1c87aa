package org.jadi.mpi.collective;

/** Algorithms of alltoall. */
final class Alltoalls {
    private Alltoalls() {}

    /** Everything at once. */
    static void linear(Schedule s, Block[] out, Block[] in) {
        for (int i = 1; i < s.size; i++) {
            int from = (s.rank - i + s.size) % s.size;
            s.receiveSome(from, in[from]);
        }
        for (int i = 1; i < s.size; i++) {
            int to = (s.rank + i) % s.size;
            s.sendSome(to, out[to]);
        }
        s.copy(out[s.rank], in[s.rank]);
    }

    /** One pair after the other. */
    static void pairwise(Schedule s, Block[] out, Block[] in) {
        s.copy(out[s.rank], in[s.rank]);
        for (int i = 1; i < s.size; i++) {
            int from = (s.rank - i + s.size) % s.size;
            int to = (s.rank + i) % s.size;
            s.receiveSome(from, in[from]);
            s.sendSome(to, out[to]);
            s.fence();
        }
    }

    /** Blocks travel by the bits of their way, many in one message; all have the same length. */
    static void bruck(Schedule s, Block[] out, Block[] in) {
        long length = out[s.rank].bytes();
        Block way = s.temp(s.size * length);
        for (int i = 0; i < s.size; i++) {
            s.copy(out[(s.rank + i) % s.size], way.slice(i * length, length));
        }
        Block packed = s.temp((s.size + 1) / 2 * length);
        Block arrived = s.temp((s.size + 1) / 2 * length);
        for (long d = 1; d < s.size; d <<= 1) {
            int bit = (int) d;
            int number = 0;
            for (int i = 0; i < s.size; i++) {
                if ((i & bit) != 0) {
                    s.copy(way.slice(i * length, length), packed.slice(number++ * length, length));
                }
            }
            s.sendSome((s.rank + bit) % s.size, packed.slice(0, number * length));
            s.receiveSome((s.rank - bit + s.size) % s.size, arrived.slice(0, number * length));
            number = 0;
            for (int i = 0; i < s.size; i++) {
                if ((i & bit) != 0) {
                    s.copy(arrived.slice(number++ * length, length), way.slice(i * length, length));
                }
            }
        }
        for (int i = 0; i < s.size; i++) {
            s.copy(way.slice(i * length, length), in[(s.rank - i + s.size) % s.size]);
        }
    }
}
