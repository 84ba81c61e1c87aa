package org.jadi.launcher.output;

/** Takes what one stream of a rank prints, in whole lines where it prints lines. */
public interface LineTarget {
    /** Takes bytes, which belong to the caller again afterwards. May wait for a slow reader. */
    void write(byte[] bytes, int count);
}
