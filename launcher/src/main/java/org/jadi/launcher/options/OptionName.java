package org.jadi.launcher.options;

/**
 * All options of mpirun: names, argument and help. The parser gives them meaning; help and suggestions read them here.
 *
 * <p>An own table and parser instead of picocli, because that library's first parse takes 80 ms of each start (its class
 * files are too old for the JDK's class data archives), which is more than all else that mpirun does before ranks run.
 */
enum OptionName {
    NP(Group.JOB, "N", "number of ranks (default: one for each CPU)", "-n", "-np", "--np"),
    CLASS_PATH(Group.JOB, "PATH", "class path of a Java program; Jadi's jars are added", "-cp", "-classpath",
            "--class-path"),
    ENV(Group.JOB, "NAME[=VALUE]", "environment variable for the ranks; may be repeated", "-x", "--env"),
    WDIR(Group.JOB, "DIR", "working directory of the ranks", "--wdir", "-wdir"),
    DEVICE(Group.JOB, "LIST", "devices in order of preference, such as shm,tcp", "--device"),
    NATIVE(Group.JOB, "MODE", "calls of native code: auto or none", "--native"),
    UCX_TLS(Group.JOB, "LIST", "transports of the device ucx, as in UCX_TLS: posix,tcp or rc", "--ucx-tls"),
    UCX_BINDING(Group.JOB, "NAME", "how the device ucx calls UCX: ffm, or jucx (slower)", "--ucx-binding"),
    OVERSUBSCRIBE(Group.JOB, null, "more ranks than CPUs are welcome (always on)", "--oversubscribe"),
    IN_PROCESS(Group.JOB, null, "ranks are threads of one JVM", "--in-process"),
    TIMEOUT(Group.JOB, "TIME", "end the job after 90, 90s, 5m or 1h, and show what each rank was doing", "--timeout"),

    HOST(Group.HOSTS, "LIST", "run on these hosts, such as a,b:4 (b has 4 slots); may be repeated", "-H", "-host", "--host",
            "-hosts", "--hosts"),
    HOSTFILE(Group.HOSTS, "FILE", "a host per line: NAME, NAME:SLOTS or NAME slots=SLOTS", "-f", "-hostfile", "--hostfile",
            "-machinefile", "--machinefile"),
    PER_HOST(Group.HOSTS, "N", "ranks per host at most", "-N", "-ppn", "--npernode"),
    REMOTE_SHELL(Group.HOSTS, "COMMAND", "instead of ssh; {host} stands for the host (JADI_RSH)", "--rsh"),
    JAVA(Group.HOSTS, "FILE", "java of agents and ranks, an absolute path (JADI_JAVA)", "--java"),
    STAGE(Group.HOSTS, null, "take Jadi and the program's class path along to hosts that do not share our files", "--stage"),
    INTERFACE(Group.HOSTS, "LIST", "networks by which ranks are reached: interfaces, or ranges such as 10.0.0.0/8", "-iface",
            "--iface"),
    GATEWAY(Group.HOSTS, "LIST", "hosts whose ranks pass messages on between hosts that do not reach each other", "--gateway"),
    START_LIMIT(Group.HOSTS, "TIME", "how long to try a host that does not answer (60s)", "--start-limit"),
    HEARTBEAT(Group.HOSTS, "TIME", "how long a host may be silent before the job is ended (20s; 0: for ever)",
            "--heartbeat"),

    MAP_BY(Group.LAYOUT, "OBJECT", "deal ranks out by slot, hwthread, core, l3cache, numa, package, ppr:N:OBJECT; :PE=N", "--map-by"),
    RANK_BY(Group.LAYOUT, "HOW", "how they are numbered: slot, fill, span or an object", "--rank-by"),
    BIND_TO(Group.LAYOUT, "OBJECT", "bind them to none, hwthread, core, l3cache, numa or package; :overload-allowed", "--bind-to"),
    PPR(Group.LAYOUT, "N:OBJECT", "N ranks on each, short for --map-by ppr:N:OBJECT", "--ppr"),
    CPU_SET(Group.LAYOUT, "LIST", "CPUs that the job may use, such as 0-3,8", "--cpu-set", "--cpu-list"),
    REPORT_BINDINGS(Group.LAYOUT, null, "say where each rank runs", "--report-bindings"),
    DISPLAY_MAP(Group.LAYOUT, null, "print the layout before the ranks start", "--display-map"),
    DISPLAY(Group.LAYOUT, "LIST", "the same as Open MPI 5 has it: map,bindings", "--display"),
    TOPOLOGY(Group.LAYOUT, null, "show the machine and who holds what, and end (--topology --help says more)", "--topology"),

    TAG_OUTPUT(Group.OUTPUT, null, "begin each line with its rank", "-l", "--tag-output"),
    TIMESTAMP(Group.OUTPUT, null, "begin each line with the time", "--timestamp"),
    OUTPUT_DIR(Group.OUTPUT, "DIR", "write output to DIR/rank-N.log, a file per rank", "--output-dir"),

    DEBUG(Group.DIAGNOSIS, "[PORT][,suspend=y]", "rank N listens for a debugger on PORT+N (default 5005)", "--debug"),
    JFR(Group.DIAGNOSIS, "[=DIR]", "a flight recording per rank, DIR/rank-N.jfr (default: here)", "--jfr"),
    REPORT_DEVICES(Group.DIAGNOSIS, null, "say which device serves which pair of ranks, and why", "--report-devices"),
    PRINT_CONFIG(Group.DIAGNOSIS, null, "print all settings with their values and sources, and end", "--print-config"),
    VERBOSE(Group.DIAGNOSIS, null, "print what is started, with all JVM flags", "-v", "--verbose"),
    VERSION(Group.DIAGNOSIS, null, "print the version, and end", "-V", "--version"),
    HELP(Group.DIAGNOSIS, null, "print this help, and end", "-h", "--help", "-help");

    /** Headings of the help. */
    enum Group {
        JOB("The job"), HOSTS("Several hosts"), LAYOUT("Ranks on CPUs (docs/placement.md)"), OUTPUT("Output"), DIAGNOSIS("Finding out");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    private final Group group;
    private final String argument;
    private final String help;
    private final String[] names;

    OptionName(Group group, String argument, String help, String... names) {
        this.group = group;
        this.argument = argument;
        this.help = help;
        this.names = names;
    }

    Group group() {
        return group;
    }

    /** Returns what the option's argument is called, or null if it has none. */
    String argument() {
        return argument;
    }

    /** Returns whether the option cannot do without its argument. */
    boolean needsArgument() {
        return argument != null && argument.charAt(0) != '[';
    }

    String help() {
        return help;
    }

    String[] names() {
        return names;
    }

    /** Returns the option with a name, or null. */
    static OptionName find(String name) {
        for (OptionName option : values()) {
            for (String candidate : option.names) {
                if (candidate.equals(name)) {
                    return option;
                }
            }
        }
        return null;
    }
}
