package org.jadi.scopes.place;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.HwType;

/**
 * How ranks are laid out on the CPUs of a host, in the words of Open MPI 5. Immutable.
 *
 * @param mapBy objects over which ranks go in turns; null: CPU after CPU ({@code slot})
 * @param perObject ranks on each object ({@code ppr}), or 0: as many as there are
 * @param cpusPerRank CPUs of each rank ({@code PE=n})
 * @param hardwareThreads whether a CPU is a hardware thread rather than a core ({@code HWTCPUS})
 * @param refuseMore whether more ranks than CPUs are an error ({@code NOOVERSUBSCRIBE})
 * @param rankBy how ranks are numbered
 * @param rankOver objects over which numbers go in turns, with {@link RankBy#OBJECT}
 * @param bound whether ranks are bound
 * @param bindTo objects to which they are bound; null: to what the CPUs of a rank are
 * @param overload whether more ranks than CPUs may be bound to an object
 * @param limit most ranks bound to an object, or 0
 * @param cpuSet CPUs to which all is limited; empty: no limit
 */
public record MappingOptions(HwType mapBy, int perObject, int cpusPerRank, boolean hardwareThreads, boolean refuseMore,
        RankBy rankBy, HwType rankOver, Bound bound, HwType bindTo, boolean overload, int limit, CpuSet cpuSet) {
    /** How ranks are numbered. */
    public enum RankBy {
        /** In the order in which they were mapped. */
        SLOT,
        /** Object after object. */
        FILL,
        /** Over the objects in turns. */
        SPAN,
        /** Over the objects of another type in turns. */
        OBJECT
    }

    /** Whether ranks are bound. */
    public enum Bound {
        /** If the user asked for a layout, and there are no more ranks than CPUs. */
        DEFAULT,
        /** Yes; else it is an error. */
        YES,
        /** Yes if it can be done. */
        IF_SUPPORTED,
        /** No. */
        NO
    }

    /** The words that options take, for messages. */
    private static final String OBJECTS = "slot, hwthread, core, l1cache, l2cache, l3cache, numa, package, node or ppr:N:OBJECT";

    /**
     * Reads the values of mpirun's options; each may be null.
     *
     * @param mapBy {@code OBJECT[:QUALIFIER]...} or {@code ppr:N:OBJECT[:QUALIFIER]...}
     * @param ppr {@code N:OBJECT}, short for the latter
     * @throws IllegalArgumentException naming the option and what it takes
     */
    public static MappingOptions parse(String mapBy, String rankBy, String bindTo, String ppr, String cpuSet) {
        return new Reader().read(mapBy, rankBy, bindTo, ppr, cpuSet);
    }

    private static final class Reader {
        private HwType mapBy;
        private int perObject;
        private int cpusPerRank = 1;
        private boolean hardwareThreads;
        private boolean refuseMore;
        private RankBy order = RankBy.SLOT;
        private HwType rankOver;
        private Bound bound = Bound.DEFAULT;
        private HwType bindTo;
        private boolean overload;
        private int limit;

        MappingOptions read(String map, String rank, String bind, String ppr, String cpuSet) {
            if (map != null && ppr != null) {
                throw new IllegalArgumentException("--ppr is short for --map-by ppr:..., give one of them: --map-by " + map + " --ppr " + ppr);
            }
            if (map != null || ppr != null) {
                readMapping(ppr == null ? "--map-by" : "--ppr", ppr == null ? map : "ppr:" + ppr);
            }
            if (rank != null) {
                readRanking(rank);
            }
            if (bind != null) {
                readBinding(bind);
            }
            boolean layout = map != null || ppr != null || rank != null;
            if (bound == Bound.DEFAULT && !layout) {
                bound = Bound.NO;
            }
            CpuSet cpus = CpuSet.EMPTY;
            if (cpuSet != null) {
                if (!cpuSet.matches("[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*")) {
                    throw wrong("--cpu-set", cpuSet, "CPUs such as 0-3,8");
                }
                cpus = CpuSet.parse(cpuSet);
            }
            return new MappingOptions(mapBy, perObject, cpusPerRank, hardwareThreads, refuseMore, order, rankOver, bound, bindTo,
                    overload, limit, cpus);
        }

        private void readMapping(String option, String value) {
            List<String> words = new ArrayList<>(Arrays.asList(value.toLowerCase(Locale.ROOT).split(":")));
            if (words.getFirst().equals("ppr")) {
                if (words.size() < 3) {
                    throw wrong(option, value, "ppr:N:OBJECT, such as ppr:2:package");
                }
                perObject = number(option, value, words.get(1));
                words.subList(0, 2).clear();
            }
            String object = words.removeFirst();
            if (object.equals("slot") || object.isEmpty()) {
                if (perObject > 0) {
                    throw wrong(option, value, "ranks per object of hardware, such as ppr:2:package");
                }
            } else {
                mapBy = object(option, value, object, OBJECTS);
            }
            for (String word : words) {
                switch (word) {
                    case "oversubscribe", "span" -> { } // The first is always so; the second speaks of several hosts.
                    case "nooversubscribe" -> refuseMore = true;
                    case "hwtcpus" -> hardwareThreads = true;
                    case "corecpus" -> hardwareThreads = false;
                    default -> {
                        if (!word.startsWith("pe=")) {
                            throw wrong(option, value, "the qualifiers PE=N, HWTCPUS, CORECPUS, OVERSUBSCRIBE, NOOVERSUBSCRIBE, SPAN");
                        }
                        cpusPerRank = number(option, value, word.substring(3));
                    }
                }
            }
            if (mapBy == HwType.PU) {
                hardwareThreads = true;
            }
        }

        private void readRanking(String value) {
            String word = value.toLowerCase(Locale.ROOT);
            switch (word) {
                case "slot", "node" -> order = RankBy.SLOT; // Nodes are others' business: here is one.
                case "fill" -> order = RankBy.FILL;
                case "span" -> order = RankBy.SPAN;
                default -> {
                    order = RankBy.OBJECT;
                    rankOver = object("--rank-by", value, word, "slot, fill, span, or an object of hardware such as package");
                }
            }
        }

        private void readBinding(String value) {
            List<String> words = new ArrayList<>(Arrays.asList(value.toLowerCase(Locale.ROOT).split(":")));
            String object = words.removeFirst();
            if (object.equals("none")) {
                bound = Bound.NO;
            } else {
                bound = Bound.YES;
                if (!object.isEmpty()) {
                    bindTo = object("--bind-to", value, object, "none, hwthread, core, l1cache, l2cache, l3cache, numa or package");
                }
            }
            for (String word : words) {
                switch (word) {
                    case "overload-allowed", "overload" -> overload = true;
                    case "no-overload" -> overload = false;
                    case "if-supported" -> bound = bound == Bound.YES ? Bound.IF_SUPPORTED : bound;
                    case "report" -> { } // The launcher's business.
                    default -> {
                        if (!word.startsWith("limit=")) {
                            throw wrong("--bind-to", value, "the qualifiers OVERLOAD-ALLOWED, NO-OVERLOAD, IF-SUPPORTED, LIMIT=N, REPORT");
                        }
                        limit = number("--bind-to", value, word.substring(6));
                    }
                }
            }
        }

        private static HwType object(String option, String value, String word, String known) {
            return HwType.find(word).filter(t -> !t.isDevice()).orElseThrow(() -> wrong(option, value, known));
        }

        private static int number(String option, String value, String digits) {
            if (!digits.matches("[1-9][0-9]{0,6}")) {
                throw wrong(option, value, "a number above 0, not '" + digits + "'");
            }
            return Integer.parseInt(digits);
        }

        private static IllegalArgumentException wrong(String option, String value, String known) {
            return new IllegalArgumentException("option " + option + " takes " + known + ": value=" + value);
        }
    }
}
