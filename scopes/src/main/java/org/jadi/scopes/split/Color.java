package org.jadi.scopes.split;

/**
 * What a member of a group says in a split: members with the same label come into the same piece.
 *
 * @param label 0 or more; -1: no part in it; -2: the mapping decides
 */
public record Color(int label) {
    /** Takes no part: the member gets an empty scope, the others share everything. */
    public static final Color UNDEFINED = new Color(-1);

    /** The mapping of the split decides. Either all members say so, or none. */
    public static final Color AUTO = new Color(-2);

    /** Checks the label. */
    public Color {
        if (label < -2) {
            throw new IllegalArgumentException("a color is 0 or more: color=" + label);
        }
    }

    /**
     * Returns a label, 0 or more. If all labels of the split are numbers of pieces, they are taken as such; otherwise the
     * distinct labels are numbered in ascending order.
     */
    public static Color of(int label) {
        if (label < 0) {
            throw new IllegalArgumentException("a color is 0 or more: color=" + label);
        }
        return new Color(label);
    }
}
