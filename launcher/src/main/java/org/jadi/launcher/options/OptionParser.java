package org.jadi.launcher.options;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jadi.launcher.LauncherException;

/**
 * Reads mpirun's command line. Options end where the program's name begins; {@code :} begins the next program. Options of
 * the whole job may stand before any of the programs.
 */
public final class OptionParser {
    private static final int MAX_RANKS = 1 << 20;
    private static final int DEFAULT_DEBUG_PORT = 5005;
    private static final int MAX_PORT = 65535;
    private static final String NEXT_PROGRAM = ":";

    private final String[] words;
    private final Map<String, String> environment;
    private final JobOptions options = new JobOptions();
    private int next;

    // The program that is being read.
    private int ranks;
    private Map<String, String> variables = new LinkedHashMap<>();
    private String workingDirectory;
    private String classPath;

    private OptionParser(String[] words, Map<String, String> environment) {
        this.words = words;
        this.environment = environment;
    }

    /**
     * Reads a command line.
     *
     * @param environment where {@code -x NAME} finds values
     * @throws LauncherException naming the word that is wrong
     */
    public static JobOptions parse(String[] words, Map<String, String> environment) {
        return new OptionParser(words, environment).parse();
    }

    private JobOptions parse() {
        options.remote.shell = environment.get("JADI_RSH");
        options.remote.java = environment.get("JADI_JAVA");
        do {
            readOptions();
            if (options.mode == JobOptions.Mode.RUN && !(options.printConfig && next == words.length)) {
                readProgram();
            }
        } while (next < words.length && options.mode == JobOptions.Mode.RUN);
        return options;
    }

    private void readOptions() {
        while (next < words.length && words[next].startsWith("-") && options.mode == JobOptions.Mode.RUN) {
            String word = words[next++];
            if (word.equals("--")) {
                return;
            }
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            OptionName option = OptionName.find(name);
            if (option == null) {
                throw unknown(name);
            }
            apply(option, name, argument(option, name, equals < 0 ? null : word.substring(equals + 1)));
        }
    }

    private String argument(OptionName option, String name, String attached) {
        if (attached != null && option.argument() == null) {
            throw usage("option " + name + " takes no value: value=" + attached);
        }
        if (attached != null || !option.needsArgument()) {
            return attached;
        }
        if (next == words.length || words[next].equals(NEXT_PROGRAM)) {
            throw usage("option " + name + " needs a value: " + name + " " + option.argument());
        }
        return words[next++];
    }

    private void apply(OptionName option, String name, String value) {
        switch (option) {
            case NP -> ranks = number(name, value, 1, MAX_RANKS);
            case CLASS_PATH -> classPath = value;
            case ENV -> addVariable(name, value);
            case WDIR -> workingDirectory = value;
            case DEVICE -> options.devices = value;
            case NATIVE -> options.nativeMode = value;
            case UCX_TLS -> options.ucxTransports = value;
            case UCX_BINDING -> options.ucxBinding = value;
            case OVERSUBSCRIBE -> { } // The default, accepted because Open MPI asks for it.
            case IN_PROCESS -> options.inProcess = true;
            case TIMEOUT -> options.timeoutMillis = time(name, value);
            case HOST -> options.remote.hosts = options.remote.hosts == null ? value : options.remote.hosts + "," + value;
            case HOSTFILE -> options.remote.hostFile = value;
            case PER_HOST -> options.remote.perHost = number(name, value, 1, MAX_RANKS);
            case REMOTE_SHELL -> options.remote.shell = value;
            case JAVA -> options.remote.java = value;
            case STAGE -> options.remote.stage = true;
            case INTERFACE -> options.remote.interfaces = value;
            case GATEWAY -> options.remote.gateways = value;
            case START_LIMIT -> options.remote.startMillis = time(name, value);
            case HEARTBEAT -> options.remote.heartbeatMillis = value.matches("0(ms|s|m|h)?") ? 0 : time(name, value);
            case MAP_BY -> options.layout.mapBy = value;
            case RANK_BY -> options.layout.rankBy = value;
            case BIND_TO -> options.layout.bindTo = value;
            case PPR -> options.layout.perObject = value;
            case CPU_SET -> options.layout.cpuSet = value;
            case REPORT_BINDINGS -> options.layout.report = true;
            case DISPLAY_MAP -> options.layout.display = true;
            case DISPLAY -> options.layout.show(name, value);
            case TOPOLOGY -> {
                options.mode = JobOptions.Mode.TOPOLOGY;
                options.toolWords = List.of(words).subList(next, words.length);
            }
            case TAG_OUTPUT -> options.tagOutput = true;
            case TIMESTAMP -> options.timestamp = true;
            case OUTPUT_DIR -> options.outputDirectory = value;
            case DEBUG -> readDebug(name, value != null ? value : nextIfDebugArgument());
            case JFR -> options.recordingDirectory = value == null ? "." : value;
            case REPORT_DEVICES -> options.reportDevices = true;
            case PRINT_CONFIG -> options.printConfig = true;
            case VERBOSE -> options.verbose = true;
            case VERSION -> options.mode = JobOptions.Mode.VERSION;
            case HELP -> options.mode = JobOptions.Mode.HELP;
        }
    }

    private void readProgram() {
        List<String> program = new ArrayList<>();
        while (next < words.length && !words[next].equals(NEXT_PROGRAM)) {
            program.add(words[next++]);
        }
        if (program.isEmpty()) {
            throw usage("no program is given, for example: mpirun -np 4 Hello.java");
        }
        options.programs.add(new ProgramSpec(ranks, variables, workingDirectory, classPath, program));
        if (next < words.length) {
            next++;
            if (next == words.length) {
                throw usage("no program is given after the last ' : '");
            }
        }
        ranks = 0;
        variables = new LinkedHashMap<>();
        workingDirectory = null;
        classPath = null;
    }

    private void addVariable(String option, String value) {
        int equals = value.indexOf('=');
        String variable = equals < 0 ? value : value.substring(0, equals);
        if (variable.isEmpty()) {
            throw usage("option " + option + " needs a name: value=" + value);
        }
        String content = equals < 0 ? environment.get(variable) : value.substring(equals + 1);
        if (content == null) {
            throw usage("option " + option + " names a variable that is not set: name=" + variable + "; use " + option + " "
                    + variable + "=VALUE");
        }
        variables.put(variable, content);
    }

    /** The argument of --debug may be left out, so the next word is taken only if it cannot be a program. */
    private String nextIfDebugArgument() {
        boolean taken = next < words.length && words[next].matches("[0-9]+(,suspend=[yn])?|suspend=[yn]");
        return taken ? words[next++] : "";
    }

    private void readDebug(String name, String value) {
        options.debugPort = DEFAULT_DEBUG_PORT;
        for (String part : value.split(",")) {
            if (part.startsWith("suspend=")) {
                options.debugSuspend = part.equals("suspend=y");
            } else if (!part.isEmpty()) {
                options.debugPort = number(name, part, 1, MAX_PORT);
            }
        }
    }

    private static int number(String name, String value, int least, int most) {
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw usage("option " + name + " needs a whole number: value=" + value);
        }
        throw usage("option " + name + " must be between " + least + " and " + most + ": value=" + value);
    }

    private static long time(String name, String value) {
        String digits = value;
        double unit = 1000;
        if (value.endsWith("ms")) {
            unit = 1;
            digits = value.substring(0, value.length() - 2);
        } else if (!value.isEmpty() && "smh".indexOf(value.charAt(value.length() - 1)) >= 0) {
            char last = value.charAt(value.length() - 1);
            unit = last == 's' ? 1000 : last == 'm' ? 60_000 : 3_600_000;
            digits = value.substring(0, value.length() - 1);
        }
        // Only digits and a point: Double would also take "NaN", "1d" and "0x1p3".
        if (!digits.matches("[0-9]+([.][0-9]+)?")) {
            throw usage("option " + name + " needs a time such as 90, 90s, 5m or 1h: value=" + value);
        }
        double millis = Double.parseDouble(digits) * unit;
        if (millis < 1 || millis > Long.MAX_VALUE / 2e6) {
            throw usage("option " + name + " needs a time above zero: value=" + value);
        }
        return (long) millis;
    }

    private static LauncherException unknown(String name) {
        String suggestion = Suggestion.nearest(name);
        return usage("unknown option " + name
                + (suggestion == null ? "" : "; did you mean " + suggestion + "?"));
    }

    private static LauncherException usage(String message) {
        return new LauncherException(LauncherException.USAGE, message + " (mpirun --help lists all options)");
    }
}
