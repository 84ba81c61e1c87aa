package org.jadi.scopes.node;

import java.util.List;
import java.util.stream.IntStream;
import org.jadi.scopes.topology.CpuSet;

/**
 * Who claims what at one moment. Immutable. Any thread.
 *
 * @param claims all claims but free ones
 */
public record Usage(List<Claim> claims) {
    /** Copies the list. */
    public Usage {
        claims = List.copyOf(claims);
    }

    /** Returns the number of claims of each slot below a number. */
    public int[] counts(int slots) {
        int[] counts = new int[slots];
        claims.forEach(c -> c.slots().stream().filter(s -> s < slots).forEach(s -> counts[s]++));
        return counts;
    }

    /** Returns the slots that somebody claims. */
    public CpuSet claimed() {
        return claims.stream().map(Claim::slots).reduce(CpuSet.EMPTY, CpuSet::or);
    }

    /** Returns the slots that somebody claims for himself alone. */
    public CpuSet exclusive() {
        return claims.stream().filter(Claim::exclusive).map(Claim::slots).reduce(CpuSet.EMPTY, CpuSet::or);
    }

    /** Returns the claims that have some of these slots. */
    public List<Claim> of(CpuSet slots) {
        return claims.stream().filter(c -> c.slots().intersects(slots)).toList();
    }

    /** Returns the slots below a number that nobody claims. */
    public CpuSet free(int slots) {
        CpuSet claimed = claimed();
        return CpuSet.of(IntStream.range(0, slots).filter(s -> !claimed.contains(s)));
    }
}
