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
        JOB("The job"), OUTPUT("Output"), DIAGNOSIS("Finding out");

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
