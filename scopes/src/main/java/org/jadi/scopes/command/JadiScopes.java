package org.jadi.scopes.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jadi.scopes.Scopes;
import org.jadi.scopes.ScopesOptions;
import org.jadi.scopes.Support;
import org.jadi.scopes.bind.ThreadBinder;
import org.jadi.scopes.error.ScopeException;
import org.jadi.scopes.node.Claim;
import org.jadi.scopes.place.MappingOptions;
import org.jadi.scopes.place.RankMap;
import org.jadi.scopes.place.RankMapper;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.HwType;
import org.jadi.scopes.topology.Topology;

/**
 * The command {@code jadi-scopes}: shows a machine, its scopes and who holds what; and, for mpirun, lays out ranks.
 *
 * <p>{@code map} prints what mpirun reads: a line {@code machine this} or {@code machine other}, for trials of jobs on machines that
 * are not there; a line {@code cpus LIST} with the CPUs that ranks share, a line {@code note TEXT}, and
 * for each rank a line {@code rank LIST TEXT}, LIST being {@code -} for a rank that is not bound. Version 1; both ends come
 * from one distribution.
 */
public final class JadiScopes {
    private static final String HELP = """
            Shows the machine, its scopes, and who holds which CPUs.

            Usage: mpirun --topology [MACHINE] [options]

            MACHINE is this machine (the default), a file with hwloc's XML (lstopo machine.xml), or a machine in hwloc's synthetic
            notation, such as "package:2 numa:2 core:16 pu:2".

            Options:
              --svg FILE        draw it into a file, besides
              -np N             show where N ranks would run, with
              --map-by, --rank-by, --bind-to, --ppr, --cpu-set   as mpirun has them
            """;
    private static final Set<String> OPTIONS = Set.of("--svg", "-np", "--map-by", "--rank-by", "--bind-to", "--ppr", "--cpu-set", "--utility");

    private final Map<String, String> options = new HashMap<>();
    private final PrintStream out;
    private String machine = "this";
    private boolean map;

    JadiScopes(PrintStream out) {
        this.out = out;
    }

    /** Runs the command; ends with 0, or with 2 for wrong words, or 1 for something that is not there. */
    public static void main(String[] words) {
        int code = 0;
        try {
            new JadiScopes(System.out).run(words);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            code = 2;
        } catch (ScopeException | IOException e) {
            System.err.println(e.getMessage());
            code = 1;
        }
        System.out.flush();
        System.exit(code);
    }

    void run(String... words) throws IOException {
        if (Arrays.asList(words).contains("--help")) {
            out.print(HELP);
            return;
        }
        read(words);
        ScopesOptions settings = ScopesOptions.fromSystem();
        if (!machine.equals("this")) {
            settings = new ScopesOptions(settings.load().withMachine(machine), "auto", settings.utility(), "process");
        }
        if (map) {
            printMap(settings);
        } else {
            show(settings);
        }
    }

    private void read(String[] words) {
        for (int i = 0; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            String name = words[i].startsWith("-") && equals > 0 ? words[i].substring(0, equals) : words[i];
            if (i == 0 && name.equals("map")) {
                map = true;
            } else if (OPTIONS.contains(name)) {
                if (!name.equals(words[i])) {
                    options.put(name, words[i].substring(equals + 1));
                } else if (++i < words.length) {
                    options.put(name, words[i]);
                } else {
                    throw new IllegalArgumentException("option " + name + " needs a value");
                }
            } else if (name.startsWith("-")) {
                throw new IllegalArgumentException("unknown option " + name + "; there are -np, --svg, --map-by, --rank-by, --bind-to,"
                        + " --ppr, --cpu-set, --help");
            } else {
                machine = machine(words[i]);
            }
        }
    }

    private static String machine(String word) {
        if (word.equals("this") || word.startsWith("xml:") || word.startsWith("synthetic:")) {
            return word;
        }
        return word.matches("[^ ]*[a-z0-9]:[0-9].*") ? "synthetic:" + word : "xml:" + word;
    }

    /** Lays out ranks as the options say. */
    private RankMap lay(Topology topology, ThreadBinder binder, ScopesOptions settings) {
        MappingOptions mapping = MappingOptions.parse(options.get("--map-by"), options.get("--rank-by"), options.get("--bind-to"),
                options.get("--ppr"), options.get("--cpu-set"));
        CpuSet usable = topology.allowed().and(binder.launchMask());
        CpuSet without = usable.andNot(settings.utility());
        int ranks = 0;
        if (options.containsKey("-np")) {
            if (!options.get("-np").matches("[0-9]{1,7}")) {
                throw new IllegalArgumentException("option -np needs a number: value=" + options.get("-np"));
            }
            ranks = Integer.parseInt(options.get("-np"));
        }
        return RankMapper.map(topology, mapping, without.isEmpty() ? usable : without, ranks);
    }

    private void printMap(ScopesOptions settings) {
        try (Scopes scopes = Scopes.open(settings)) {
            RankMap ranks = lay(scopes.topology(), scopes.binder(), settings);
            out.println("machine " + (scopes.topology().isThisSystem() ? "this" : "other"));
            out.println("cpus " + list(ranks.bound().isEmpty() ? ranks.cpus() : ranks.bound()));
            out.println("note " + ranks.note());
            for (int i = 0; i < ranks.places().size(); i++) {
                out.println("rank " + list(ranks.mask(i)) + " " + ranks.describe(i));
            }
        }
    }

    private static String list(CpuSet cpus) {
        return cpus.isEmpty() ? "-" : cpus.toString();
    }

    private void show(ScopesOptions settings) throws IOException {
        try (Scopes scopes = Scopes.open(settings)) {
            Topology topology = scopes.topology();
            Holders holders = new Holders();
            List<Claim> claims = scopes.usage().claims();
            claims.forEach(c -> holders.add(c.slots(), "claimed by " + c));
            holders.add(settings.utility(), "utility");
            RankMap ranks = null;
            if (options.keySet().stream().anyMatch(o -> !o.equals("--svg"))) {
                ranks = lay(topology, scopes.binder(), settings);
                for (int i = 0; i < ranks.places().size(); i++) {
                    holders.addRank(ranks.places().get(i).cpus(), i);
                }
            }
            out.println(topology);
            out.println();
            out.print(TreePicture.of(topology, holders));
            out.println();
            showScopes(scopes, claims);
            if (ranks != null) {
                out.println();
                out.println("Ranks:");
                out.print(ranks.table(0));
            }
            if (options.containsKey("--svg")) {
                Files.writeString(Path.of(options.get("--svg")), SvgPicture.of(topology, holders));
            }
        }
    }

    private void showScopes(Scopes scopes, List<Claim> claims) {
        out.println("Scopes:");
        for (var scope : List.of(scopes.system(), scopes.user(), scopes.process(), scopes.utility())) {
            out.printf("  %-8s %-12s %s%n", scope.name(), list(scope.cpus()), scope.isEmpty() ? "" : counts(scope.topology(), scope.cpus()));
        }
        Support support = scopes.support();
        out.println("Binding: " + (support.binding() ? "yes" : "no, " + support.bindingProblem()));
        out.println("Claims" + (support.claimsShared() ? "" : " (of this process alone: " + support.claimsProblem() + ")") + ":"
                + (claims.isEmpty() ? " none" : ""));
        claims.forEach(c -> out.println("  " + c));
    }

    private static String counts(Topology topology, CpuSet cpus) {
        StringBuilder text = new StringBuilder();
        for (HwType type : List.of(HwType.PACKAGE, HwType.NUMA, HwType.CORE, HwType.PU)) {
            int count = topology.count(type, cpus);
            text.append(count == 0 ? "" : (text.isEmpty() ? "" : ", ") + count + " " + type.hwlocName());
        }
        return text.toString();
    }
}
