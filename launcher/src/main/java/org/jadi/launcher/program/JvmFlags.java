package org.jadi.launcher.program;

import java.util.ArrayList;
import java.util.List;

/**
 * The flags that a rank's JVM gets from its share of the host. A JVM alone takes the whole host for its own: four of them
 * would reserve four times a quarter of the memory and start collector and compiler threads for all CPUs each.
 */
public final class JvmFlags {
    /** What a JVM refuses beside a cache of ours. */
    private static final List<String> REFUSED = List.of("-XX:AOT", "-XX:SharedArchiveFile", "-XX:ArchiveClassesAtExit", "-Xshare");

    /**
     * With a cache, and what makes the most of it: HotSpot compiles a method after 200 calls, and would do so for some hundred
     * methods of which most run once more; on CPUs that all ranks need for their start. Ten times as many leave the fast
     * tier (level 4) where it was, and cost a method two milliseconds at most before it is compiled for the first time.
     */
    private static final List<String> CACHED = List.of("-Xlog:aot*=off,cds*=off,class+path=off:stderr",
            "-XX:Tier3InvocationThreshold=2000", "-XX:Tier3MinInvocationThreshold=1000", "-XX:Tier3CompileThreshold=20000");

    /** What a JVM has to warn of, such as another JVM of its number in a container beside it, is no output of the program. */
    private static final List<String> WARNINGS = List.of("-Xlog:disable", "-Xlog:all=warning:stderr");

    private static final String CACHE = "-XX:AOTCache=";
    private static final String SERIAL = "-XX:+UseSerialGC";
    private static final double HEAP_SHARE = 0.6;
    private static final long LEAST_HEAP_MEGABYTES = 64;

    private JvmFlags() {
    }

    /**
     * Returns the flags for each rank.
     *
     * @param ranks ranks on this host
     * @param cache file with the classes that every rank loads at its start, or null
     * @param extra the user's own flags, separated by spaces, or null; they come last and win
     */
    public static List<String> forRanks(HostResources host, int ranks, String cache, String extra) {
        List<String> flags = new ArrayList<>();
        flags.add("--enable-native-access=ALL-UNNAMED");
        flags.addAll(WARNINGS);
        if (host.memoryBytes() > 0) {
            long share = (long) (host.memoryBytes() * HEAP_SHARE / ranks) >> 20;
            flags.add("-Xmx".concat(Long.toString(Math.max(LEAST_HEAP_MEGABYTES, share))).concat("m"));
        }
        int share = Math.max(1, host.cpus() / ranks);
        if (host.cpus() < 2 * ranks) {
            // Below two CPUs a parallel or concurrent collector only takes time from the ranks.
            flags.add(SERIAL);
        } else if (share < host.cpus()) {
            flags.add("-XX:ParallelGCThreads=".concat(Integer.toString(share)));
        }
        if (compilers(share) < compilers(host.cpus())) {
            flags.add("-XX:CICompilerCount=".concat(Integer.toString(compilers(share))));
        }
        List<String> own = extra == null || extra.isBlank() ? List.of() : List.of(extra.strip().split("\\s+"));
        if (cache != null) {
            // A cache of another JDK or for another collector is left aside; that is nothing to tell of.
            flags.add(CACHE.concat(cache));
            flags.addAll(CACHED);
        }
        List<String> all = beside(flags, own);
        all.addAll(own);
        return all;
    }

    /** Returns the flags without those that a JVM refuses beside the user's own. */
    public static List<String> beside(List<String> flags, List<String> users) {
        List<String> rest = new ArrayList<>(flags);
        for (String own : users) {
            if (own.startsWith("-XX:+Use") && own.endsWith("GC")) {
                rest.remove(SERIAL); // two collectors are an error, not a choice of the last
            }
            for (String refused : REFUSED) {
                if (own.startsWith(refused)) {
                    rest.removeIf(flag -> flag.startsWith(CACHE));
                }
            }
        }
        return rest;
    }

    /** How many compiler threads HotSpot gives itself on so many CPUs (its formula), at least one of each tier. */
    private static int compilers(int cpus) {
        int log = 31 - Integer.numberOfLeadingZeros(cpus);
        int logLog = 31 - Integer.numberOfLeadingZeros(Math.max(1, log));
        return Math.max(2, log * logLog * 3 / 2);
    }
}
