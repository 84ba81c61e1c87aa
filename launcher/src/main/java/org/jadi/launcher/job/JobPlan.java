package org.jadi.launcher.job;

import java.io.File;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jadi.bootstrap.JobSettings;
import org.jadi.launcher.options.JobOptions;

/**
 * What is to be started, on whichever host: all that a host needs to start its share of the ranks, but the job's secret.
 *
 * @param jobId identity of the job
 * @param size number of ranks of the job
 * @param programs the programs in the order of their ranks
 * @param settings variables that stand for options of mpirun
 * @param jvmFlags the user's flags for the JVMs of ranks, separated by spaces, or empty
 * @param archive file with the classes that every rank loads, or empty; hosts without it do without
 * @param debugPort the debugger's port for rank 0, or 0
 * @param debugSuspend whether ranks wait for their debugger
 * @param recordingDirectory folder of a flight recording per rank, or empty
 * @param verbose whether what is started is printed
 * @param layout the words that say how ranks are laid out on the CPUs of each host; none: as the kernel likes
 */
public record JobPlan(String jobId, int size, List<ProgramPlan> programs, Map<String, String> settings, String jvmFlags,
        String archive, int debugPort, boolean debugSuspend, String recordingDirectory, boolean verbose,
        List<String> layout) {
    private static final String LONG_PATIENCE_SECONDS = "86400";

    /** Makes the plan of a job from the user's options and the programs that they name. */
    public static JobPlan of(String jobId, JobOptions options, List<ProgramPlan> programs, String jvmFlags, String archive) {
        Map<String, String> settings = settings(options);
        if (options.debugPort() > 0) {
            // Under a debugger one rank may stand still for hours while the others wait for it.
            settings.put(JobSettings.PATIENCE, LONG_PATIENCE_SECONDS);
        }
        int size = 0;
        for (ProgramPlan program : programs) {
            size += program.ranks();
        }
        return new JobPlan(jobId, size, programs, settings, orEmpty(jvmFlags), orEmpty(archive), options.debugPort(),
                options.debugSuspend(), absolute(options.recordingDirectory()), options.verbose(),
                options.layout().words());
    }

    /** Returns the variables for options of mpirun that the library obeys. */
    static Map<String, String> settings(JobOptions options) {
        Map<String, String> settings = new LinkedHashMap<>();
        putIf(settings, "JADI_DEVICE", options.devices());
        putIf(settings, "JADI_UCX_TLS", options.ucxTransports());
        putIf(settings, "JADI_UCX_BINDING", options.ucxBinding());
        putIf(settings, "JADI_NATIVE", options.nativeMode());
        putIf(settings, "JADI_TCP_INTERFACE", options.remote().interfaces());
        putIf(settings, "JADI_GATEWAY", options.remote().gateways());
        putIf(settings, "JADI_REPORT_DEVICES", options.reportDevices() ? "true" : null);
        putIf(settings, "JADI_VERBOSE", options.verbose() ? "true" : null);
        return settings;
    }

    /** Returns the same plan for a host where the archive is not good. */
    public JobPlan withoutArchive() {
        return new JobPlan(jobId, size, programs, settings, jvmFlags, "", debugPort, debugSuspend, recordingDirectory, verbose,
                layout);
    }

    /** Returns the same plan with other programs. */
    public JobPlan with(List<ProgramPlan> others) {
        return new JobPlan(jobId, size, others, settings, jvmFlags, archive, debugPort, debugSuspend, recordingDirectory,
                verbose, layout);
    }

    /** Returns the program of a rank. */
    public ProgramPlan program(int rank) {
        int first = 0;
        for (ProgramPlan program : programs) {
            first += program.ranks();
            if (rank < first) {
                return program;
            }
        }
        throw new IllegalArgumentException("rank must be below size: rank=" + rank + " size=" + size);
    }

    private static String absolute(String folder) {
        return folder == null ? "" : new File(folder).getAbsolutePath();
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    private static void putIf(Map<String, String> settings, String name, String value) {
        if (value != null) {
            settings.put(name, value);
        }
    }
}
