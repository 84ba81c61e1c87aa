package org.jadi.scopes.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BitmapTest {
    @Test
    void shouldReadAndWriteBothForms() {
        CpuSet set = CpuSet.parse("0-3,8,64-65");
        assertEquals("0-3,8,64-65", set.toString());
        assertEquals("0x00000003,0x00000000,0x0000010f", set.toHex());
        assertEquals(set, CpuSet.parse(set.toHex()));
        assertEquals(set, CpuSet.parse("0x3,,0x10f")); // hwloc leaves out groups of zeros
        assertEquals("", CpuSet.EMPTY.toString());
        assertEquals(CpuSet.EMPTY, CpuSet.parse(CpuSet.EMPTY.toHex()));
        assertEquals(CpuSet.EMPTY, CpuSet.parse(""));
        assertNotEquals((Object) CpuSet.of(1), NodeSet.of(1));
    }

    @Test
    void shouldRefuseWhatIsNoSet() {
        for (String text : new String[] {"x", "3-1", "-1", "0xf...f", "1,,2", "0xfffffffff", "99999999999", "1048576"}) {
            assertThrows(IllegalArgumentException.class, () -> CpuSet.parse(text), text);
        }
        assertThrows(IllegalArgumentException.class, () -> CpuSet.of(-1));
        assertThrows(IllegalArgumentException.class, () -> CpuSet.range(2, 1));
    }

    @Test
    void shouldCalculateAsABitSetDoes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            BitSet a = randomBits(random);
            BitSet b = randomBits(random);
            CpuSet x = CpuSet.of(a.stream());
            CpuSet y = CpuSet.of(b.stream());
            String message = "seed=" + seed + " a=" + a + " b=" + b;
            assertEquals(a.cardinality(), x.count(), message);
            assertEquals(a.length() - 1, x.last(), message);
            assertEquals(a.nextSetBit(0), x.first(), message);
            assertEquals(a.intersects(b), x.intersects(y), message);
            assertEquals(x, CpuSet.parse(x.toString()), message);
            assertEquals(x, CpuSet.parse(x.toHex()), message);
            assertEquals(x, CpuSet.ofWords(x.toWords()), message);
            BitSet or = (BitSet) a.clone();
            or.or(b);
            BitSet and = (BitSet) a.clone();
            and.and(b);
            BitSet xor = (BitSet) a.clone();
            xor.xor(b);
            BitSet andNot = (BitSet) a.clone();
            andNot.andNot(b);
            assertEquals(CpuSet.of(or.stream()), x.or(y), message);
            assertEquals(CpuSet.of(and.stream()), x.and(y), message);
            assertEquals(CpuSet.of(xor.stream()), x.xor(y), message);
            assertEquals(CpuSet.of(andNot.stream()), x.andNot(y), message);
            assertEquals(andNot.isEmpty(), y.containsAll(x), message);
            int index = random.nextInt(300);
            assertEquals(a.get(index), x.contains(index), message);
            assertEquals(a.nextSetBit(index + 1), x.next(index), message);
        }
        assertTrue(CpuSet.of(1).containsAll(CpuSet.EMPTY));
        assertFalse(CpuSet.of(1).contains(-63));
    }

    private static BitSet randomBits(Random random) {
        BitSet bits = new BitSet();
        int range = 1 << random.nextInt(9);
        for (int n = random.nextInt(20); n > 0; n--) {
            bits.set(random.nextInt(range));
        }
        return bits;
    }
}
