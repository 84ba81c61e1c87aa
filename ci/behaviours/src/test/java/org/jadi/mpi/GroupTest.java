package org.jadi.mpi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jadi.mpi.Group.Range;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Behaviours grouptest2, gtranks, groupnullincl; all set operations against sets of Java. */
@Timeout(20)
class GroupTest {
    private static final Group EIGHT = new Group(IntStream.range(0, 8).toArray(), 3);

    @Test
    void shouldKnowSizeAndRank() {
        assertEquals(8, EIGHT.size());
        assertEquals(3, EIGHT.rank());
        assertEquals(1, EIGHT.incl(5, 3).rank());
        assertEquals(Comm.UNDEFINED, EIGHT.excl(3).rank());
        assertEquals(Comm.UNDEFINED, Group.EMPTY.rank());
    }

    @Test
    void shouldIncludeAndExcludeInOrder() {
        assertArrayEquals(new int[] {6, 0, 4}, EIGHT.incl(6, 0, 4).world());
        assertArrayEquals(new int[] {1, 2, 3, 5, 7}, EIGHT.excl(6, 0, 4).world());
        assertSame(Group.EMPTY, EIGHT.incl());
        assertEquals(EIGHT, EIGHT.excl());
        assertSame(Group.EMPTY, EIGHT.rangeIncl());
        assertEquals(0, Group.EMPTY.incl().size());
    }

    @Test
    void shouldExpandRanges() {
        assertArrayEquals(new int[] {1, 4, 7, 6, 5}, EIGHT.rangeIncl(new Range(1, 7, 3), new Range(6, 5, -1)).world());
        assertArrayEquals(new int[] {2, 4}, EIGHT.rangeIncl(new Range(2, 5, 2)).world());
        assertArrayEquals(new int[] {3}, EIGHT.rangeIncl(new Range(3, 3, -4)).world());
        assertArrayEquals(new int[] {0, 2, 4, 6}, EIGHT.rangeExcl(new Range(7, 1, -2)).world());
    }

    @Test
    void shouldRefuseWrongRanksAndRanges() {
        assertClass(ErrorClass.RANK, () -> EIGHT.incl(8));
        assertClass(ErrorClass.RANK, () -> EIGHT.incl(-1));
        assertClass(ErrorClass.RANK, () -> EIGHT.incl(2, 3, 2));
        assertClass(ErrorClass.RANK, () -> EIGHT.excl(2, 2));
        assertClass(ErrorClass.RANK, () -> EIGHT.rangeIncl(new Range(0, 8, 1)));
        assertClass(ErrorClass.RANK, () -> EIGHT.rangeIncl(new Range(0, 3, 1), new Range(3, 4, 1)));
        assertClass(ErrorClass.RANK, () -> EIGHT.rangeIncl(new Range(0, 7, 1), new Range(0, 0, 1)));
        assertClass(ErrorClass.ARG, () -> EIGHT.rangeIncl(new Range(0, 3, 0)));
        assertClass(ErrorClass.ARG, () -> EIGHT.rangeIncl(new Range(0, 3, -1)));
        assertClass(ErrorClass.ARG, () -> EIGHT.rangeIncl(new Range(3, 0, 1)));
        assertClass(ErrorClass.GROUP, () -> EIGHT.union(null));
        assertClass(ErrorClass.RANK, () -> EIGHT.translateRanks(new int[] {8}, EIGHT));
    }

    @Test
    void shouldTranslateRanks() {
        Group odd = EIGHT.incl(7, 5, 3, 1);
        assertArrayEquals(new int[] {Comm.UNDEFINED, 3, Comm.PROC_NULL, 0},
                EIGHT.translateRanks(new int[] {0, 1, Comm.PROC_NULL, 7}, odd));
        assertArrayEquals(new int[] {7, 1}, odd.translateRanks(new int[] {0, 3}, EIGHT));
        assertArrayEquals(new int[] {Comm.UNDEFINED}, odd.translateRanks(new int[] {0}, Group.EMPTY));
    }

    @Test
    void shouldCompare() {
        assertEquals(Comparison.IDENT, EIGHT.compare(EIGHT.incl(IntStream.range(0, 8).toArray())));
        assertEquals(Comparison.SIMILAR, EIGHT.compare(EIGHT.rangeIncl(new Range(7, 0, -1))));
        assertEquals(Comparison.UNEQUAL, EIGHT.compare(EIGHT.excl(0)));
        assertEquals(Comparison.UNEQUAL, EIGHT.incl(0, 1).compare(EIGHT.incl(0, 2)));
        assertEquals(Comparison.IDENT, Group.EMPTY.compare(EIGHT.excl(0, 1, 2, 3, 4, 5, 6, 7)));
    }

    @Test
    void shouldBehaveAsOrderedSets() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int turn = 0; turn < 500; turn++) {
            Group a = random(random);
            Group b = random(random);
            Set<Integer> union = list(a);
            union.addAll(list(b));
            Set<Integer> both = list(a);
            both.retainAll(list(b));
            Set<Integer> only = list(a);
            only.removeAll(list(b));
            String what = "seed=" + seed + " a=" + a + " b=" + b;
            assertEquals(new ArrayList<>(union), new ArrayList<>(list(a.union(b))), what);
            assertEquals(new ArrayList<>(both), new ArrayList<>(list(a.intersection(b))), what);
            assertEquals(new ArrayList<>(only), new ArrayList<>(list(a.difference(b))), what);
            assertEquals(a.union(b).size() == 0 ? Comm.UNDEFINED : new ArrayList<>(union).indexOf(3) < 0 ? Comm.UNDEFINED
                    : new ArrayList<>(union).indexOf(3), a.union(b).rank(), what);
        }
    }

    private static Group random(Random random) {
        List<Integer> ranks = new ArrayList<>(IntStream.range(0, 8).boxed().toList());
        Collections.shuffle(ranks, random);
        return EIGHT.incl(ranks.subList(0, random.nextInt(9)).stream().mapToInt(Integer::intValue).toArray());
    }

    private static Set<Integer> list(Group group) {
        Set<Integer> all = new LinkedHashSet<>();
        Arrays.stream(group.world()).forEach(all::add);
        return all;
    }

    static MpiException assertClass(ErrorClass expected, Runnable action) {
        MpiException e = assertThrows(MpiException.class, action::run);
        assertEquals(expected, e.errorClass(), e.getMessage());
        return e;
    }
}
