package org.jadi.launcher.options;

import java.util.ArrayList;
import java.util.List;
import org.jadi.launcher.LauncherException;

/**
 * What the user asked of the layout of ranks on the CPUs of their hosts. Filled by {@link OptionParser}, read-only for everyone
 * else. What the values mean, and whether they are right, is known where the hardware is known, which is not here.
 */
public final class LayoutOptions {
    /** Word that asks for a line for each rank that says where it runs. */
    public static final String REPORT = "--report-bindings";

    /** Word that asks for the layout before ranks are started. */
    public static final String DISPLAY = "--display-map";

    String mapBy;
    String rankBy;
    String bindTo;
    String perObject;
    String cpuSet;
    boolean report;
    boolean display;

    LayoutOptions() {
    }

    void show(String option, String list) {
        for (String word : list.split(",")) {
            switch (word) {
                case "map" -> display = true;
                case "bind", "bindings" -> report = true;
                default -> throw new LauncherException(LauncherException.USAGE, "option " + option + " takes map and bindings: value="
                        + list);
            }
        }
    }

    /** Returns all that was asked as words; none if nothing was. */
    public List<String> words() {
        List<String> words = new ArrayList<>();
        add(words, "--map-by", mapBy);
        add(words, "--rank-by", rankBy);
        add(words, "--bind-to", bindTo);
        add(words, "--ppr", perObject);
        add(words, "--cpu-set", cpuSet);
        if (report || bindTo != null && bindTo.toLowerCase(java.util.Locale.ROOT).contains(":report")) {
            words.add(REPORT);
        }
        if (display) {
            words.add(DISPLAY);
        }
        return words;
    }

    /** Returns the number of ranks per host that the layout asks for in so many words, {@code ppr:N:node}; otherwise 0. */
    public int perHost() {
        String value = perObject != null ? "ppr:".concat(perObject) : mapBy == null ? "" : mapBy;
        return value.matches("(?i)ppr:[1-9][0-9]{0,5}:node(:.*)?") ? Integer.parseInt(value.split(":")[1]) : 0;
    }

    /** Returns whether the number of ranks follows from the hardware if the user names none. */
    public boolean saysHowMany() {
        return mapBy != null || perObject != null || cpuSet != null;
    }

    private static void add(List<String> words, String name, String value) {
        if (value != null) {
            words.add(name);
            words.add(value);
        }
    }
}
