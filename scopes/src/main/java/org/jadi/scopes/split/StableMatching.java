package org.jadi.scopes.split;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jadi.scopes.topology.CpuSet;

/**
 * Members and pieces find each other so that no member and piece would both rather have each other (Gale and Shapley, members
 * proposing). Both like best whom they share most CPUs with.
 */
final class StableMatching {
    private StableMatching() {}

    /** Returns the piece of each member; numbers of members differ by one at most, the pieces wanted most have one more. */
    static int[] match(List<CpuSet> bound, List<CpuSet> pieces) {
        int members = bound.size();
        int[][] overlap = overlaps(bound, pieces);
        int[] wanted = wanted(overlap, pieces.size());
        int[] room = room(members, wanted);
        List<List<Integer>> wishes = IntStream.range(0, members).mapToObj(m -> wishes(overlap, wanted, m)).toList();
        List<List<Integer>> accepted = new ArrayList<>();
        pieces.forEach(p -> accepted.add(new ArrayList<>()));
        int[] next = new int[members];
        int[] chosen = new int[members];
        ArrayDeque<Integer> free = new ArrayDeque<>(IntStream.range(0, members).boxed().toList());
        while (!free.isEmpty()) {
            int member = free.poll();
            int piece = wishes.get(member).get(next[member]++);
            List<Integer> there = accepted.get(piece);
            there.add(member);
            chosen[member] = piece;
            if (there.size() > room[piece]) {
                Integer least = there.stream().max(preference(overlap, piece)).orElseThrow();
                there.remove(least);
                free.push(least);
            }
        }
        return chosen;
    }

    static int[][] overlaps(List<CpuSet> bound, List<CpuSet> pieces) {
        int[][] overlap = new int[bound.size()][pieces.size()];
        for (int m = 0; m < bound.size(); m++) {
            for (int p = 0; p < pieces.size(); p++) {
                overlap[m][p] = bound.get(m).and(pieces.get(p)).count();
            }
        }
        return overlap;
    }

    /** For each piece, how many members share CPUs with it. */
    static int[] wanted(int[][] overlap, int pieces) {
        int[] wanted = new int[pieces];
        for (int[] of : overlap) {
            for (int p = 0; p < pieces; p++) {
                wanted[p] += of[p] > 0 ? 1 : 0;
            }
        }
        return wanted;
    }

    /** For each piece, how many members it gets. With the same for all, rounded up, some pieces would get none. */
    static int[] room(int members, int[] wanted) {
        int[] room = new int[wanted.length];
        Arrays.fill(room, members / wanted.length);
        IntStream.range(0, wanted.length).boxed().sorted(Comparator.comparingInt((Integer p) -> -wanted[p]).thenComparingInt(p -> p))
                .limit(members % wanted.length).forEach(p -> room[p]++);
        return room;
    }

    /** A member's pieces, best first: most common CPUs, then those that fewest others want, then in order. */
    static List<Integer> wishes(int[][] overlap, int[] wanted, int member) {
        int[] mine = overlap[member];
        return IntStream.range(0, wanted.length).boxed().sorted(Comparator.comparingInt((Integer p) -> -mine[p])
                .thenComparingInt(p -> mine[p] > 0 ? wanted[p] : 0).thenComparingInt(p -> p)).toList();
    }

    /** A piece's order of members: most common CPUs first, then by rank. */
    static Comparator<Integer> preference(int[][] overlap, int piece) {
        return Comparator.comparingInt((Integer m) -> -overlap[m][piece]).thenComparingInt(m -> m);
    }
}
