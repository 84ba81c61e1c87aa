package org.jadi.adi.placement;

import java.util.List;
import org.jadi.adi.config.Config;
import org.jadi.adi.config.ConfigKey;
import org.jadi.adi.config.ConfigKey.Type;

/**
 * What the engine knows of the place where its helper threads are to run. Sets of CPUs are written as lists with ranges,
 * {@code 0-3,8}.
 *
 * @param localRank place of this rank among those of the host
 * @param localSize number of ranks on the host
 * @param cpus number of CPUs that they share
 * @param choice {@code auto}, {@code none}, {@code core}, {@code smt}, or a set of CPUs
 * @param utility CPUs that are set aside for helper threads; may be empty
 * @param bound CPUs to which the launcher has bound the ranks of the host; empty if it has not
 */
public record HelperSite(int localRank, int localSize, int cpus, String choice, String utility, String bound) {
    static final ConfigKey CHOICE = new ConfigKey("progress.cpus", Type.TEXT, "auto",
            "Where a polling helper thread runs: auto, none (not placed), core (the last core of its rank), smt (the second"
            + " thread of that core), or CPUs such as 3,7, from which each rank of the host takes one.");
    static final ConfigKey UTILITY = new ConfigKey("scopes.utility", Type.TEXT, "",
            "CPUs that are set aside for helper threads, such as 3,7; none if empty.");
    static final ConfigKey BOUND = new ConfigKey("boundCpus", Type.TEXT, "",
            "CPUs to which mpirun has bound the ranks of this host, such as 0-3; empty if it has not.");
    static final ConfigKey LOCAL_RANK = new ConfigKey("localRank", Type.INTEGER, "0",
            "Place of the rank among those of this host, as the launcher knows it.");

    /** The keys of the configuration that are read here. */
    public static final List<ConfigKey> KEYS = List.of(CHOICE, UTILITY, BOUND, LOCAL_RANK);

    private static final String SET = "[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*";

    /**
     * Reads a configuration.
     *
     * @param localSize number of ranks on the host
     * @param cpus number of CPUs that they share
     */
    public static HelperSite of(Config c, int localSize, int cpus) {
        String choice = c.text(CHOICE).strip();
        if (!choice.equals("auto") && !choice.matches("none|core|smt|" + SET)) {
            throw new IllegalArgumentException(CHOICE.property() + " must be auto, none, core, smt or CPUs such as 3,7: value=" + choice);
        }
        return new HelperSite(c.integer(LOCAL_RANK, 0, Integer.MAX_VALUE), localSize, cpus, choice, set(c, UTILITY), set(c, BOUND));
    }

    private static String set(Config c, ConfigKey key) {
        String value = c.text(key).strip();
        if (!value.isEmpty() && !value.matches(SET)) {
            throw new IllegalArgumentException(key.property() + " must be CPUs such as 3,7 or 0-1: value=" + value);
        }
        return value;
    }
}
