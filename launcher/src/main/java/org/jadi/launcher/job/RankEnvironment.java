package org.jadi.launcher.job;

import java.util.Map;
import org.jadi.bootstrap.JobSettings;
import org.jadi.launcher.options.JobOptions;

/** The variables by which a rank knows its place, and those that stand for options of mpirun. */
final class RankEnvironment {
    private static final String LONG_PATIENCE_SECONDS = "86400";

    private final JobOptions options;
    private final int size;
    private final String root;
    private final String jobId;
    private final JobPlace place;

    RankEnvironment(JobOptions options, int size, String root, String jobId, JobPlace place) {
        this.options = options;
        this.size = size;
        this.root = root;
        this.jobId = jobId;
        this.place = place;
    }

    /** Adds a rank's variables. */
    void addTo(Map<String, String> variables, int rank) {
        variables.put(JobSettings.RANK, Integer.toString(rank));
        variables.put(JobSettings.SIZE, Integer.toString(size));
        variables.put(JobSettings.ROOT, root);
        variables.put(JobSettings.JOB_ID, jobId);
        variables.put(JobSettings.SECRET_FILE, place.secretFile().toString());
        variables.put(JobSettings.JOB_DIR, place.folder().toString());
        variables.put("JADI_LOCAL_RANK", Integer.toString(rank));
        variables.put("JADI_LOCAL_SIZE", Integer.toString(size));
        addOptions(variables, options);
        // Under a debugger one rank may stand still for hours while the others wait for it.
        putIf(variables, JobSettings.PATIENCE, options.debugPort() > 0 ? LONG_PATIENCE_SECONDS : null);
    }

    /** Adds what stands for options of mpirun that the library obeys. */
    static void addOptions(Map<String, String> variables, JobOptions options) {
        putIf(variables, "JADI_DEVICE", options.devices());
        putIf(variables, "JADI_UCX_TLS", options.ucxTransports());
        putIf(variables, "JADI_UCX_BINDING", options.ucxBinding());
        putIf(variables, "JADI_NATIVE", options.nativeMode());
        putIf(variables, "JADI_REPORT_DEVICES", options.reportDevices() ? "true" : null);
        putIf(variables, "JADI_VERBOSE", options.verbose() ? "true" : null);
    }

    private static void putIf(Map<String, String> variables, String name, String value) {
        if (value != null) {
            variables.put(name, value);
        }
    }
}
