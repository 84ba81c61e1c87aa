package org.jadi.scopes.split;

import java.util.List;
import org.jadi.scopes.topology.HwType;

/**
 * How members come to pieces where they say {@link Color#AUTO}.
 *
 * @param kind the rule
 * @param stride for STRIDE
 * @param pivot for ROUND_ROBIN
 * @param pieces for EXPLICIT
 */
public record Mapping(Kind kind, int stride, HwType pivot, List<Integer> pieces) {
    /** The rules. */
    public enum Kind {
        /** CLOSE if the members are bound to disjoint sets of CPUs, else PACKED. */
        DEFAULT,
        /** Neighbouring members on the same or neighbouring pieces. */
        PACKED,
        /** In turn. */
        SPREAD,
        /** Where they are bound already, as a stable matching by the number of common CPUs. */
        CLOSE,
        /** As far from each other as there is room. */
        SCATTER,
        /** In turn over the objects of a type, and within each of them one piece after the other. */
        ROUND_ROBIN,
        /** Every s-th piece. */
        STRIDE,
        /** As listed. */
        EXPLICIT,
        /** Over the memory nodes in proportion to their CPUs, packed within each. */
        MEMORY_FIRST
    }

    /** See {@link Kind#DEFAULT}. */
    public static final Mapping DEFAULT = of(Kind.DEFAULT);
    /** See {@link Kind#PACKED}. */
    public static final Mapping PACKED = of(Kind.PACKED);
    /** See {@link Kind#SPREAD}. */
    public static final Mapping SPREAD = of(Kind.SPREAD);
    /** See {@link Kind#CLOSE}. */
    public static final Mapping CLOSE = of(Kind.CLOSE);
    /** See {@link Kind#SCATTER}. */
    public static final Mapping SCATTER = of(Kind.SCATTER);
    /** See {@link Kind#MEMORY_FIRST}. */
    public static final Mapping MEMORY_FIRST = of(Kind.MEMORY_FIRST);

    /** Checks that the parameter of the rule is there. */
    public Mapping {
        pieces = List.copyOf(pieces);
        if (kind == Kind.STRIDE && stride < 1 || kind == Kind.ROUND_ROBIN && pivot == null || kind == Kind.EXPLICIT && pieces.isEmpty()
                || pieces.stream().anyMatch(p -> p < 0)) {
            throw new IllegalArgumentException("the mapping lacks what it needs: kind=" + kind + " stride=" + stride + " pivot=" + pivot
                    + " pieces=" + pieces);
        }
    }

    private static Mapping of(Kind kind) {
        return new Mapping(kind, 1, null, List.of());
    }

    /** Member i gets piece i times the stride, counted round. */
    public static Mapping stride(int stride) {
        return new Mapping(Kind.STRIDE, stride, null, List.of());
    }

    /** Members go in turn to the objects of a type. */
    public static Mapping roundRobin(HwType pivot) {
        return new Mapping(Kind.ROUND_ROBIN, 1, pivot, List.of());
    }

    /** Member i gets the i-th of these pieces, counted round. */
    public static Mapping explicit(List<Integer> pieces) {
        return new Mapping(Kind.EXPLICIT, 1, null, pieces);
    }
}
