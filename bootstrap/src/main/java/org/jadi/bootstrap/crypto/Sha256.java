package org.jadi.bootstrap.crypto;

/**
 * SHA-256 (FIPS 180-4) of what is hashed at the start of a job: some hundred bytes. The first {@code MessageDigest} of a JVM loads
 * the security providers, which costs every rank and mpirun 10 to 15 ms, one after the other, before the first message. For
 * more than a few kilobytes {@code MessageDigest} is faster. Thread-safe: it keeps nothing.
 */
public final class Sha256 {
    /** Length of a digest in bytes. */
    public static final int BYTES = 32;

    private static final int BLOCK_BYTES = 64;
    private static final int LENGTH_BYTES = 8;
    private static final int ROUNDS = 64;

    /** SPEC: FIPS 180-4 §4.2.2, the first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
    private static final int[] K = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
    };

    private Sha256() {
    }

    /** Returns the digest of the parts, one after the other: 32 bytes. */
    public static byte[] digest(byte[]... parts) {
        byte[] text = padded(parts);
        // SPEC: FIPS 180-4 §5.3.3.
        int[] hash = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
        int[] schedule = new int[ROUNDS];
        for (int at = 0; at < text.length; at += BLOCK_BYTES) {
            compress(hash, schedule, text, at);
        }
        byte[] digest = new byte[BYTES];
        for (int i = 0; i < hash.length; i++) {
            digest[4 * i] = (byte) (hash[i] >> 24);
            digest[4 * i + 1] = (byte) (hash[i] >> 16);
            digest[4 * i + 2] = (byte) (hash[i] >> 8);
            digest[4 * i + 3] = (byte) hash[i];
        }
        return digest;
    }

    /** SPEC: FIPS 180-4 §5.1.1: a one bit, zeros, and the length in bits, up to a whole block. */
    private static byte[] padded(byte[][] parts) {
        int length = 0;
        for (byte[] part : parts) {
            length = Math.addExact(length, part.length);
        }
        int blocks = (length + 1 + LENGTH_BYTES + BLOCK_BYTES - 1) / BLOCK_BYTES;
        byte[] text = new byte[Math.multiplyExact(blocks, BLOCK_BYTES)];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, text, at, part.length);
            at += part.length;
        }
        text[at] = (byte) 0x80;
        long bits = 8L * length;
        for (int i = 1; i <= LENGTH_BYTES; i++) {
            text[text.length - i] = (byte) (bits >>> 8 * (i - 1));
        }
        return text;
    }

    /** SPEC: FIPS 180-4 §6.2.2. */
    private static void compress(int[] hash, int[] w, byte[] text, int at) {
        for (int t = 0; t < 16; t++) {
            int i = at + 4 * t;
            w[t] = text[i] << 24 | (text[i + 1] & 0xff) << 16 | (text[i + 2] & 0xff) << 8 | text[i + 3] & 0xff;
        }
        for (int t = 16; t < ROUNDS; t++) {
            int x = w[t - 15];
            int y = w[t - 2];
            int s0 = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3;
            int s1 = (y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10;
            w[t] = s1 + w[t - 7] + s0 + w[t - 16];
        }
        int a = hash[0];
        int b = hash[1];
        int c = hash[2];
        int d = hash[3];
        int e = hash[4];
        int f = hash[5];
        int g = hash[6];
        int h = hash[7];
        for (int t = 0; t < ROUNDS; t++) {
            int sum1 = (e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7);
            int t1 = h + sum1 + (e & f ^ ~e & g) + K[t] + w[t];
            int sum0 = (a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10);
            int t2 = sum0 + (a & b ^ a & c ^ b & c);
            h = g;
            g = f;
            f = e;
            e = d + t1;
            d = c;
            c = b;
            b = a;
            a = t1 + t2;
        }
        hash[0] += a;
        hash[1] += b;
        hash[2] += c;
        hash[3] += d;
        hash[4] += e;
        hash[5] += f;
        hash[6] += g;
        hash[7] += h;
    }
}
