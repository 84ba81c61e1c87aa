package org.jadi.launcher.options;

/** The text of {@code mpirun --help}. */
public final class HelpText {
    private static final int COLUMN = 34;
    private static final String INTRODUCTION = """
            mpirun starts the ranks of an MPI program, here or on other hosts, and waits for them.

            Usage: mpirun [options] PROGRAM [arguments] [ : [options] PROGRAM [arguments] ]...

            PROGRAM is one of
              File.java            a single source file, compiled once
              app.jar              a jar with a main class
              -cp PATH Main        a class on a class path
              java ...             a JVM with your own flags (mpirun's come first, yours win)
              bench NAME           a benchmark of Jadi, such as latency
              any other command    started as it is, with JADI_RANK and JADI_SIZE in its environment

            Examples:
              mpirun -np 4 Hello.java
              mpirun -np 2 --device tcp -cp target/classes org.example.Main input.txt
              mpirun -np 1 Server.java : -np 8 -x ROLE=worker Client.java
              mpirun -np 4 --timeout 60s -l app.jar
              mpirun --host a,b:4 -np 8 app.jar
              mpirun -np 4 --map-by package --bind-to core --report-bindings app.jar

            """;
    private static final String CONCLUSION = """

            Hosts come from --host or --hostfile, else from the allocation that mpirun runs in (Slurm, PBS, LSF, SGE), else from
            /etc/mpi/hostfile; else all ranks run here. docs/clusters.md says how hosts are reached.

            JADI_JVM_FLAGS in the environment adds flags for the JVMs of the ranks, after mpirun's own.
            Exit code: 0 if all ranks return 0, else that of the first rank to fail (128+n for signal n),
            124 after a time limit, 127 if the program is not found, 2 for a wrong option.
            """;

    private HelpText() {
    }

    /** Returns the whole text. */
    public static String text() {
        StringBuilder text = new StringBuilder(INTRODUCTION);
        for (OptionName.Group group : OptionName.Group.values()) {
            text.append(group == OptionName.Group.JOB ? "" : "\n").append(group.title()).append(":\n");
            for (OptionName option : OptionName.values()) {
                if (option.group() == group) {
                    append(text, option);
                }
            }
        }
        return text.append(CONCLUSION).toString();
    }

    private static void append(StringBuilder text, OptionName option) {
        StringBuilder line = new StringBuilder("  ").append(String.join(", ", option.names()));
        if (option.argument() != null) {
            line.append(option.argument().startsWith("[=") ? "" : " ").append(option.argument());
        }
        if (line.length() >= COLUMN) {
            text.append(line).append('\n');
            line.setLength(0);
        }
        text.append(line).append(" ".repeat(COLUMN - line.length())).append(option.help()).append('\n');
    }
}
