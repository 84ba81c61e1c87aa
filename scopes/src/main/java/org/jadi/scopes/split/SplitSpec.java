package org.jadi.scopes.split;

import org.jadi.scopes.topology.CutPolicy;
import org.jadi.scopes.topology.HwType;

/**
 * How a scope is to be split. All members of the group give the same; color and order are each member's own. Immutable.
 *
 * @param pieces number of pieces; 0 if {@code at} is given
 * @param at type of the objects that are the pieces; null if {@code pieces} is given
 * @param color what this member says
 * @param mapping what decides where the color is AUTO
 * @param cut how pieces are cut
 * @param useAll whether fewer members than pieces get several pieces each, so that nothing is left over
 * @param allowSharing whether there may be more pieces than CPUs, which then share CPUs
 * @param sharedDevices whether all members of a piece get its devices; otherwise each device goes to one member
 * @param order members of a piece are ranked by this, and by their former ranks where it is equal
 */
public record SplitSpec(int pieces, HwType at, Color color, Mapping mapping, CutPolicy cut, boolean useAll, boolean allowSharing,
        boolean sharedDevices, int order) {
    /** Checks that pieces are described one way. */
    public SplitSpec {
        java.util.Objects.requireNonNull(color, "color");
        java.util.Objects.requireNonNull(mapping, "mapping");
        java.util.Objects.requireNonNull(cut, "cut");
        if (at == null && pieces < 1 || at != null && pieces != 0) {
            throw new IllegalArgumentException("a split is into 1 or more pieces, or at a type: pieces=" + pieces + " at=" + at);
        }
    }

    /** Begins with a number of pieces: whole cores, the default mapping, everything used, devices to one member each. */
    public static SplitSpec into(int pieces) {
        return new SplitSpec(pieces, null, Color.AUTO, Mapping.DEFAULT, CutPolicy.WHOLE_CORES, true, false, false, 0);
    }

    /** Begins with the objects of a type as pieces, which are never cut. */
    public static SplitSpec at(HwType type) {
        return new SplitSpec(0, type, Color.AUTO, Mapping.DEFAULT, CutPolicy.WHOLE_CORES, true, false, false, 0);
    }

    /** Returns this with a color. */
    public SplitSpec withColor(Color other) {
        return new SplitSpec(pieces, at, other, mapping, cut, useAll, allowSharing, sharedDevices, order);
    }

    /** Returns this with a mapping. */
    public SplitSpec withMapping(Mapping other) {
        return new SplitSpec(pieces, at, color, other, cut, useAll, allowSharing, sharedDevices, order);
    }

    /** Returns this with a way of cutting. */
    public SplitSpec withCut(CutPolicy other) {
        return new SplitSpec(pieces, at, color, mapping, other, useAll, allowSharing, sharedDevices, order);
    }

    /** Returns this with at most one piece for each member. */
    public SplitSpec onePieceEach() {
        return new SplitSpec(pieces, at, color, mapping, cut, false, allowSharing, sharedDevices, order);
    }

    /** Returns this with more pieces than CPUs allowed. */
    public SplitSpec sharing() {
        return new SplitSpec(pieces, at, color, mapping, cut, useAll, true, sharedDevices, order);
    }

    /** Returns this with devices for all members of a piece. */
    public SplitSpec sharingDevices() {
        return new SplitSpec(pieces, at, color, mapping, cut, useAll, allowSharing, true, order);
    }

    /** Returns this with an order within the piece. */
    public SplitSpec withOrder(int other) {
        return new SplitSpec(pieces, at, color, mapping, cut, useAll, allowSharing, sharedDevices, other);
    }

    /** Returns what all members must agree on, as text. */
    public String common() {
        return withColor(Color.AUTO).withOrder(0).toString();
    }
}
