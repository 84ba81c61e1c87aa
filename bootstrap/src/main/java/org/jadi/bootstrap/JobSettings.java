package org.jadi.bootstrap;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the launcher tells a rank through its environment; the one place where the names of these variables stand.
 *
 * @param rank rank of this process, 0 to {@code size - 1}
 * @param size number of ranks of the job
 * @param host host of the key-value server
 * @param port port of the key-value server
 * @param jobId identity of the job
 * @param secret the job's secret
 * @param jobFolder folder of the job in shared memory, or null where the launcher made none
 * @param patience how long blocking calls wait
 */
public record JobSettings(int rank, int size, String host, int port, String jobId, JobSecret secret, Path jobFolder,
        Duration patience) {
    /** Host and port of the key-value server. */
    public static final String ROOT = "JADI_ROOT";
    /** Rank of the process. */
    public static final String RANK = "JADI_RANK";
    /** Number of ranks. */
    public static final String SIZE = "JADI_SIZE";
    /** Identity of the job. */
    public static final String JOB_ID = "JADI_JOBID";
    /** File with the secret in hexadecimal digits, mode 0600. */
    public static final String SECRET_FILE = "JADI_SECRET_FILE";
    /** Folder of the job in shared memory (optional). */
    public static final String JOB_DIR = "JADI_JOB_DIR";
    /** Seconds that blocking calls wait for the launcher (optional). */
    public static final String PATIENCE = "JADI_PATIENCE";

    private static final List<String> REQUIRED = List.of(ROOT, RANK, SIZE, JOB_ID, SECRET_FILE);

    /** Returns the names of all these variables. */
    public static List<String> names() {
        return List.of(ROOT, RANK, SIZE, JOB_ID, SECRET_FILE, JOB_DIR, PATIENCE);
    }

    /** Returns the settings in an environment, or null where there are none (no launcher). */
    static JobSettings from(Map<String, String> env) {
        List<String> missing = new ArrayList<>();
        for (String name : REQUIRED) {
            if (!Variables.isPresent(env, name)) {
                missing.add(name);
            }
        }
        if (missing.size() == REQUIRED.size()) {
            return null;
        }
        if (!missing.isEmpty()) {
            throw new BootstrapException("the environment describes a job only in part: missing="
                    + String.join(",", missing) + "; start the program with mpirun, or unset the other JADI_ variables");
        }
        return complete(env);
    }

    private static JobSettings complete(Map<String, String> env) {
        int size = Variables.number(env, SIZE, 1, Integer.MAX_VALUE);
        int rank = Variables.number(env, RANK, 0, size - 1);
        String root = env.get(ROOT).strip();
        int colon = root.lastIndexOf(':');
        if (colon < 1) {
            throw new BootstrapException(ROOT + " must be host:port: value=" + root);
        }
        int port = Variables.number(Map.of(ROOT, root.substring(colon + 1)), ROOT, 1, Variables.MAX_PORT);
        String jobId = env.get(JOB_ID).strip();
        if (!Variables.isJobId(jobId)) {
            throw new BootstrapException(JOB_ID + " must be 1 to 64 letters, digits, '_', '.' or '-': value=" + jobId);
        }
        Path folder = Variables.isPresent(env, JOB_DIR) ? Path.of(env.get(JOB_DIR)) : null;
        return new JobSettings(rank, size, root.substring(0, colon), port, jobId, Variables.secret(env.get(SECRET_FILE),
                "; the job that this environment belongs to may have ended"), folder, Variables.patience(env));
    }
}
