package org.jadi.launcher.options;

import java.util.ArrayList;
import java.util.List;

/** What the user asked of mpirun. Filled by {@link OptionParser}; only the numbers of ranks may be settled later. */
public final class JobOptions {
    /** What mpirun is to do. */
    public enum Mode {
        /** Start ranks. */
        RUN,
        /** Print the help. */
        HELP,
        /** Print the version. */
        VERSION,
        /** Show the machine. */
        TOPOLOGY
    }

    Mode mode = Mode.RUN;
    String devices;
    String ucxTransports;
    String ucxBinding;
    String nativeMode;
    boolean printConfig;
    boolean inProcess;
    long timeoutMillis;
    boolean tagOutput;
    boolean timestamp;
    String outputDirectory;
    int debugPort;
    boolean debugSuspend;
    String recordingDirectory;
    boolean reportDevices;
    boolean verbose;
    List<String> toolWords = List.of();
    final LayoutOptions layout = new LayoutOptions();
    final RemoteOptions remote = new RemoteOptions();
    final List<ProgramSpec> programs = new ArrayList<>();

    JobOptions() {
    }

    /** Returns what mpirun is to do. */
    public Mode mode() {
        return mode;
    }

    /** Returns the transports of the device ucx, or null for what the environment says. */
    public String ucxTransports() {
        return ucxTransports;
    }

    /** Returns how the device ucx calls UCX, or null for the default. */
    public String ucxBinding() {
        return ucxBinding;
    }

    /** Returns the list of devices, or null for the default. */
    public String devices() {
        return devices;
    }

    /** Returns the mode of native calls, or null for the default. */
    public String nativeMode() {
        return nativeMode;
    }

    /** Returns whether the settings are printed instead of running a program. */
    public boolean printConfig() {
        return printConfig;
    }

    /** Returns whether ranks are threads of one JVM. */
    public boolean inProcess() {
        return inProcess;
    }

    /** Returns the time limit in milliseconds, or 0 for none. */
    public long timeoutMillis() {
        return timeoutMillis;
    }

    /** Returns whether lines begin with their rank. */
    public boolean tagOutput() {
        return tagOutput;
    }

    /** Returns whether lines begin with the time. */
    public boolean timestamp() {
        return timestamp;
    }

    /** Returns the folder for a file of output per rank, or null. */
    public String outputDirectory() {
        return outputDirectory;
    }

    /** Returns the debugger's port for rank 0, or 0 for no debugging. */
    public int debugPort() {
        return debugPort;
    }

    /** Returns whether ranks wait for their debugger. */
    public boolean debugSuspend() {
        return debugSuspend;
    }

    /** Returns the folder for a flight recording per rank, or null. */
    public String recordingDirectory() {
        return recordingDirectory;
    }

    /** Returns whether the choice of devices is reported. */
    public boolean reportDevices() {
        return reportDevices;
    }

    /** Returns whether mpirun prints what it starts. */
    public boolean verbose() {
        return verbose;
    }

    /** Returns the words for the tool that is run instead of a program. */
    public List<String> toolWords() {
        return toolWords;
    }

    /** Returns what concerns the layout of ranks on CPUs. */
    public LayoutOptions layout() {
        return layout;
    }

    /** Returns whether some program has no number of ranks yet. */
    public boolean isUnsettled() {
        for (ProgramSpec program : programs) {
            if (program.ranks() == 0) {
                return true;
            }
        }
        return false;
    }

    /** Returns what concerns other hosts. */
    public RemoteOptions remote() {
        return remote;
    }

    /** Returns the programs of the job, in the order of their ranks. */
    public List<ProgramSpec> programs() {
        return List.copyOf(programs);
    }

    /** Gives so many ranks to each program for which the user has not said how many. */
    public void settle(int ranks) {
        programs.replaceAll(program -> program.ranks() > 0 ? program : program.forRanks(ranks));
    }

    /** Returns the number of ranks of the job, once all programs have theirs. */
    public int size() {
        int size = 0;
        for (ProgramSpec program : programs) {
            size += program.ranks();
        }
        return size;
    }
}
