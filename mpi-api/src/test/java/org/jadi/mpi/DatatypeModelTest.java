package org.jadi.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jadi.mpi.RandomTypes.Pair;
import org.jadi.mpi.datatype.DatatypePlan;
import org.jadi.mpi.datatype.Kind;
import org.junit.jupiter.api.Test;

/** Random types against {@link TypeModel}. A failure prints its seed; {@code -Djadi.seed=N -Djadi.rounds=1} runs it alone. */
class DatatypeModelTest {
    private static final long SEED = Long.getLong("jadi.seed", System.nanoTime());
    private static final int ROUNDS = Integer.getInteger("jadi.rounds", 1500);

    @FunctionalInterface
    private interface Property {
        void check(Random random, Pair pair);
    }

    private static void forAll(Property property) {
        for (int i = 0; i < ROUNDS; i++) {
            Random random = new Random(SEED + i);
            Pair pair = new RandomTypes(random).next(1 + random.nextInt(4));
            try {
                property.check(random, pair);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed=" + (SEED + i) + " type=" + pair.type().describe() + ": " + e, e);
            }
        }
    }

    @Test
    void shouldHaveTheBoundsOfTheModel() {
        forAll((random, p) -> {
            TypeModel m = p.model();
            Datatype t = p.type();
            assertEquals(m.size(), t.size(), "size");
            assertEquals(m.lb(), t.lb(), "lb");
            assertEquals(m.ub(), t.ub(), "ub");
            assertEquals(m.extent(), t.extent(), "extent");
            assertEquals(m.trueLb(), t.trueLb(), "true lb");
            assertEquals(m.trueUb() - m.trueLb(), t.trueExtent(), "true extent");
            assertEquals(m.entries.size(), t.elements(), "elements");
        });
    }

    @Test
    void shouldPackInPiecesWhatTheModelSays() {
        forAll((random, p) -> {
            int count = random.nextInt(4);
            TypeModel all = p.model().repeated(count);
            long[] places = all.places();
            long origin = Math.max(0, -all.trueLb()) + random.nextInt(5);
            MemorySegment memory = memory(random, origin + Math.max(0, all.trueUb()));
            fill(random, memory);
            byte[] wanted = new byte[places.length];
            for (int i = 0; i < wanted.length; i++) {
                wanted[i] = memory.get(ValueLayout.JAVA_BYTE, origin + places[i]);
            }
            DatatypePlan plan = new DatatypePlan(memory, origin, p.type().map.message(count));
            assertEquals(wanted.length, plan.bytes());
            MemorySegment packed = memory(random, wanted.length + 3L);
            for (int[] piece : pieces(random, wanted.length)) {
                plan.pack(piece[0], packed, 3 + piece[0], piece[1]);
            }
            assertEquals(Arrays.toString(wanted), Arrays.toString(bytes(packed.asSlice(3, wanted.length))), "packed");
            byte[] whole = new byte[wanted.length + 2];
            assertEquals(wanted.length + 1, p.type().commit().pack(memory, origin, count, MemorySegment.ofArray(whole), 1));
            assertEquals(Arrays.toString(wanted), Arrays.toString(Arrays.copyOfRange(whole, 1, wanted.length + 1)));
        });
    }

    @Test
    void shouldUnpackInPiecesWhereTheModelSays() {
        forAll((random, p) -> {
            int count = random.nextInt(4);
            TypeModel all = p.model().repeated(count);
            if (all.overlaps()) {
                return;
            }
            long[] places = all.places();
            long origin = Math.max(0, -all.trueLb()) + random.nextInt(5);
            MemorySegment memory = memory(random, origin + Math.max(0, all.trueUb()));
            fill(random, memory);
            byte[] wanted = bytes(memory);
            MemorySegment packed = memory(random, places.length);
            fill(random, packed);
            for (int i = 0; i < places.length; i++) {
                wanted[(int) (origin + places[i])] = packed.get(ValueLayout.JAVA_BYTE, i);
            }
            DatatypePlan plan = new DatatypePlan(memory, origin, p.type().map.message(count));
            for (int[] piece : pieces(random, places.length)) {
                plan.unpack(piece[0], packed, piece[0], piece[1]);
            }
            assertEquals(Arrays.toString(wanted), Arrays.toString(bytes(memory)), "unpacked");
        });
    }

    @Test
    void shouldPackBigEndianInTheOrderOfTheModel() {
        forAll((random, p) -> {
            int count = random.nextInt(3);
            TypeModel all = p.model().repeated(count);
            long origin = Math.max(0, -all.trueLb());
            MemorySegment memory = memory(random, origin + Math.max(0, all.trueUb()));
            fill(random, memory);
            byte[] wanted = new byte[(int) all.size()];
            int to = 0;
            for (TypeModel.Entry e : all.entries) {
                for (int b = e.kind().bytes - 1; b >= 0; b--) {
                    wanted[to++] = memory.get(ValueLayout.JAVA_BYTE, origin + e.at() + b);
                }
            }
            byte[] packed = new byte[wanted.length];
            Datatype t = p.type().commit();
            t.packExternal(memory, origin, count, MemorySegment.ofArray(packed), 0);
            assertEquals(Arrays.toString(wanted), Arrays.toString(packed));
            if (!all.overlaps()) {
                byte[] before = bytes(memory);
                for (long place : all.places()) {
                    memory.set(ValueLayout.JAVA_BYTE, origin + place, (byte) 99);
                }
                t.unpackExternal(MemorySegment.ofArray(packed), 0, memory, origin, count);
                assertEquals(Arrays.toString(before), Arrays.toString(bytes(memory)), "external32 and back");
            }
        });
    }

    @Test
    void shouldCountElementsOfEveryPrefix() {
        forAll((random, p) -> {
            List<Kind> kinds = p.model().repeated(2).signature();
            long bytes = 0;
            for (int n = 0; n <= kinds.size(); n++) {
                Status s = new Status(0, 0, bytes, false, ErrorClass.SUCCESS);
                assertEquals(n, s.elements(p.type()), "elements in " + bytes);
                int each = p.model().entries.size();
                assertEquals(each == 0 ? 0 : n % each == 0 ? n / each : Comm.UNDEFINED, s.count(p.type()), "count in " + bytes);
                if (n < kinds.size() && kinds.get(n).bytes > 1) {
                    assertEquals(Comm.UNDEFINED, new Status(0, 0, bytes + 1, false, ErrorClass.SUCCESS).elements(p.type()));
                }
                bytes += n < kinds.size() ? kinds.get(n).bytes : 0;
            }
        });
    }

    @Test
    void shouldMatchWhereTheModelsHaveTheSameElements() {
        int[] seen = new int[2];
        forAll((random, p) -> {
            int count = random.nextInt(3);
            Pair other = random.nextBoolean() ? new RandomTypes(random).next(2) : flat(p);
            int otherCount = random.nextInt(4);
            List<Kind> sent = p.model().repeated(count).signature();
            List<Kind> wanted = other.model().repeated(otherCount).signature();
            if (sent.contains(Kind.PACKED) || wanted.contains(Kind.PACKED)) {
                return;
            }
            boolean same = sent.size() <= wanted.size() && sent.equals(wanted.subList(0, sent.size()));
            seen[same && !sent.isEmpty() ? 1 : 0]++;
            assertEquals(same, p.type().matches(count, other.type(), otherCount));
            assertEquals(sent.equals(wanted), p.type().signature(count).equals(other.type().signature(otherCount)));
        });
        assertTrue(ROUNDS == 1 || seen[0] > 20 && seen[1] > 20, "both answers: " + Arrays.toString(seen));
    }

    /** Long strided runs of whole elements of each kind of array, at the start and in slices, and of native memory. */
    @Test
    void shouldCopyStridedRunsOfEveryKindOfMemory() {
        for (int i = 0; i < ROUNDS / 2; i++) {
            Random random = new Random(SEED + i);
            int unit = 1 << random.nextInt(4);
            int bytes = unit * (1 + random.nextInt(random.nextBoolean() ? 3 : 20));
            int stride = bytes + unit * random.nextInt(4);
            int count = 1 + random.nextInt(1500);
            MemorySegment memory = memory(random, 64L + (long) stride * count);
            memory = random.nextBoolean() ? memory : memory.asSlice(8L * random.nextInt(3));
            fill(random, memory);
            int origin = unit * random.nextInt(3);
            Datatype t = Datatype.hvector(count, bytes, stride, Datatype.BYTE).commit();
            byte[] wanted = new byte[bytes * count];
            for (int k = 0; k < wanted.length; k++) {
                wanted[k] = memory.get(ValueLayout.JAVA_BYTE, origin + (long) k / bytes * stride + k % bytes);
            }
            byte[] packed = new byte[wanted.length];
            t.pack(memory, origin, 1, MemorySegment.ofArray(packed), 0);
            assertTrue(Arrays.equals(wanted, packed), "seed=" + (SEED + i) + " packed from " + memory);
            byte[] before = bytes(memory);
            for (int b = 0; b < count; b++) {
                memory.asSlice(origin + (long) b * stride, bytes).fill((byte) 77);
            }
            t.unpack(MemorySegment.ofArray(packed), 0, memory, origin, 1);
            assertTrue(Arrays.equals(before, bytes(memory)), "seed=" + (SEED + i) + " unpacked to " + memory);
        }
    }

    /** The same elements, one after the other. */
    private static Pair flat(Pair p) {
        List<Kind> kinds = p.model().signature();
        List<Datatype> basic = List.of(Datatype.BYTE, Datatype.BOOLEAN, Datatype.CHAR, Datatype.SHORT, Datatype.INT,
                Datatype.LONG, Datatype.FLOAT, Datatype.DOUBLE, Datatype.PACKED);
        long[] ones = new long[kinds.size()];
        long[] places = new long[kinds.size()];
        Arrays.fill(ones, 1);
        Arrays.setAll(places, i -> 100 - 8L * i);
        TypeModel m = new TypeModel();
        for (int i = 0; i < places.length; i++) {
            m.add(TypeModel.basic(kinds.get(i)), 1, places[i]);
        }
        return new Pair(Datatype.struct(ones, places, kinds.stream().map(k -> basic.get(k.ordinal())).toArray(Datatype[]::new)),
                m);
    }

    private static List<int[]> pieces(Random random, int bytes) {
        List<int[]> pieces = new ArrayList<>();
        int most = 1 + random.nextInt(random.nextBoolean() ? 9 : 1000);
        for (int at = 0; at < bytes;) {
            int length = Math.min(bytes - at, 1 + random.nextInt(most));
            pieces.add(new int[] {at, length});
            at += length;
        }
        if (random.nextBoolean()) {
            Collections.shuffle(pieces, random);
        }
        return pieces;
    }

    private static MemorySegment memory(Random random, long bytes) {
        int n = (int) bytes;
        return switch (random.nextInt(8)) {
            case 0 -> MemorySegment.ofArray(new byte[n]);
            case 1 -> MemorySegment.ofArray(new int[n / 4 + 1]);
            case 2 -> MemorySegment.ofArray(new double[n / 8 + 1]);
            case 3 -> MemorySegment.ofArray(new short[n / 2 + 1]);
            case 4 -> MemorySegment.ofArray(new long[n / 8 + 1]);
            case 5 -> MemorySegment.ofArray(new float[n / 4 + 1]);
            case 6 -> MemorySegment.ofArray(new char[n / 2 + 1]);
            default -> Arena.ofAuto().allocate(n + 1, 1);
        };
    }

    private static void fill(Random random, MemorySegment memory) {
        for (long i = 0; i < memory.byteSize(); i++) {
            memory.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        }
    }

    private static byte[] bytes(MemorySegment memory) {
        return memory.toArray(ValueLayout.JAVA_BYTE);
    }
}
