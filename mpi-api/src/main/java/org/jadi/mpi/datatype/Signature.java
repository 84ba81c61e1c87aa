package org.jadi.mpi.datatype;

/**
 * The sequence of basic types of a type map, without their places (type signature, MPI 4.1 §5.1), as its length and a hash:
 * a polynomial modulo 2^61 - 1, so that sequences can be joined and repeated without walking them.
 *
 * @param elements number of basic elements
 * @param hash of the sequence; two different sequences have the same one with a chance of about elements / 2^61
 */
public record Signature(long elements, long hash) {
    /** Of no element. */
    public static final Signature EMPTY = new Signature(0, 0);

    private static final long PRIME = (1L << 61) - 1;
    private static final long BASE = 0x0A3B_1F5D_7C92_E641L;

    /** Returns the signature of a number of elements of one kind. */
    public static Signature of(Kind kind, long elements) {
        return new Signature(1, (kind.ordinal() + 1) * 0x9E37_79B9L).repeat(elements);
    }

    /** Returns the signature of this sequence followed by another. */
    public Signature then(Signature next) {
        if (elements == 0 || next.elements == 0) {
            return elements == 0 ? next : this;
        }
        return new Signature(Math.addExact(elements, next.elements), add(times(hash, power(next.elements)), next.hash));
    }

    /** Returns the signature of this sequence, several times. */
    public Signature repeat(long times) {
        Signature result = EMPTY;
        Signature square = this;
        for (long n = times; n > 0; n >>= 1) {
            if ((n & 1) != 0) {
                result = result.then(square);
            }
            if (n > 1) {
                square = square.then(square);
            }
        }
        return result;
    }

    private static long power(long exponent) {
        long result = 1;
        long square = BASE;
        for (long n = exponent; n > 0; n >>= 1) {
            if ((n & 1) != 0) {
                result = times(result, square);
            }
            square = times(square, square);
        }
        return result;
    }

    private static long add(long a, long b) {
        long sum = a + b;
        return sum >= PRIME ? sum - PRIME : sum;
    }

    private static long times(long a, long b) {
        long high = Math.multiplyHigh(a, b);
        long low = a * b;
        // a * b = (high * 8 + low >>> 61) * 2^61 + (low & PRIME), and 2^61 = 1.
        return add((high << 3) | (low >>> 61), low & PRIME);
    }
}
