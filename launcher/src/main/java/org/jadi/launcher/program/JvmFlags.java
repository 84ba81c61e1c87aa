package org.jadi.launcher.program;

import java.util.ArrayList;
import java.util.List;

/**
 * The flags that a rank's JVM gets from its share of the host. A JVM alone takes the whole host for its own: four of them
 * would reserve four times a quarter of the memory and start collector and compiler threads for all CPUs each.
 */
public final class JvmFlags {
    private static final String ARCHIVE = "-XX:SharedArchiveFile=";
    private static final double HEAP_SHARE = 0.6;
    private static final long LEAST_HEAP_MEGABYTES = 64;

    private JvmFlags() {
    }

    /**
     * Returns the flags for each rank.
     *
     * @param ranks ranks on this host
     * @param archive file with the classes that every rank loads at its start, or null
     * @param extra the user's own flags, separated by spaces, or null; they come last and win
     */
    public static List<String> forRanks(HostResources host, int ranks, String archive, String extra) {
        List<String> flags = new ArrayList<>();
        flags.add("-Xshare:auto");
        flags.add("--enable-native-access=ALL-UNNAMED");
        if (host.memoryBytes() > 0) {
            long share = (long) (host.memoryBytes() * HEAP_SHARE / ranks) >> 20;
            flags.add("-Xmx".concat(Long.toString(Math.max(LEAST_HEAP_MEGABYTES, share))).concat("m"));
        }
        int share = Math.max(1, host.cpus() / ranks);
        if (host.cpus() < 2 * ranks) {
            // Below two CPUs a parallel or concurrent collector only takes time from the ranks.
            flags.add("-XX:+UseSerialGC");
        } else if (share < host.cpus()) {
            flags.add("-XX:ParallelGCThreads=".concat(Integer.toString(share)));
        }
        if (compilers(share) < compilers(host.cpus())) {
            flags.add("-XX:CICompilerCount=".concat(Integer.toString(compilers(share))));
        }
        if (archive != null) {
            flags.add(ARCHIVE.concat(archive));
            // An archive of another JDK or for another collector is left aside; that is nothing to tell of.
            flags.add("-Xlog:cds=off,cds+dynamic=off,class+path=off");
        }
        if (extra != null && !extra.isBlank()) {
            flags.addAll(List.of(extra.strip().split("\\s+")));
        }
        return flags;
    }

    /** Returns the flags without those that a JVM refuses beside the user's own. */
    public static List<String> beside(List<String> flags, List<String> users) {
        for (String own : users) {
            if (own.startsWith("-XX:AOT")) {
                List<String> rest = new ArrayList<>(flags);
                rest.removeIf(flag -> flag.startsWith(ARCHIVE));
                return rest;
            }
        }
        return flags;
    }

    /** How many compiler threads HotSpot gives itself on so many CPUs (its formula), at least one of each tier. */
    private static int compilers(int cpus) {
        int log = 31 - Integer.numberOfLeadingZeros(cpus);
        int logLog = 31 - Integer.numberOfLeadingZeros(Math.max(1, log));
        return Math.max(2, log * logLog * 3 / 2);
    }
}
