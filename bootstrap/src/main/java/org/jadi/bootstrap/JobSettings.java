package org.jadi.bootstrap;

import java.io.IOException;
import java.nio.file.Files;
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
    private static final long DEFAULT_PATIENCE_SECONDS = 120;
    private static final int MAX_JOB_ID_CHARS = 64;
    private static final int MAX_PORT = 65535;

    /** Returns the names of all these variables. */
    public static List<String> names() {
        return List.of(ROOT, RANK, SIZE, JOB_ID, SECRET_FILE, JOB_DIR, PATIENCE);
    }

    /** Returns the settings in an environment, or null where there are none (no launcher). */
    static JobSettings from(Map<String, String> env) {
        List<String> missing = new ArrayList<>();
        for (String name : REQUIRED) {
            if (!present(env, name)) {
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
        int size = number(env, SIZE, 1, Integer.MAX_VALUE);
        int rank = number(env, RANK, 0, size - 1);
        String root = env.get(ROOT).strip();
        int colon = root.lastIndexOf(':');
        if (colon < 1) {
            throw new BootstrapException(ROOT + " must be host:port: value=" + root);
        }
        int port = number(Map.of(ROOT, root.substring(colon + 1)), ROOT, 1, MAX_PORT);
        String jobId = env.get(JOB_ID).strip();
        if (!legalJobId(jobId)) {
            throw new BootstrapException(JOB_ID + " must be 1 to 64 letters, digits, '_', '.' or '-': value=" + jobId);
        }
        Path folder = present(env, JOB_DIR) ? Path.of(env.get(JOB_DIR)) : null;
        return new JobSettings(rank, size, root.substring(0, colon), port, jobId, secretIn(env.get(SECRET_FILE)), folder,
                patience(env));
    }

    /** Returns how long blocking calls wait. */
    static Duration patience(Map<String, String> env) {
        return Duration.ofSeconds(
                present(env, PATIENCE) ? number(env, PATIENCE, 1, Integer.MAX_VALUE) : DEFAULT_PATIENCE_SECONDS);
    }

    private static boolean legalJobId(String jobId) {
        boolean legal = !jobId.isEmpty() && jobId.length() <= MAX_JOB_ID_CHARS;
        for (int i = 0; i < jobId.length(); i++) {
            char c = jobId.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            legal &= letter || c >= '0' && c <= '9' || c == '_' || c == '.' || c == '-';
        }
        return legal;
    }

    private static boolean present(Map<String, String> env, String name) {
        String value = env.get(name);
        return value != null && !value.isBlank();
    }

    private static int number(Map<String, String> env, String name, int least, int most) {
        String value = env.get(name).strip();
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new BootstrapException(name + " must be a whole number: value=" + value, e);
        }
        throw new BootstrapException(name + " must be between " + least + " and " + most + ": value=" + value);
    }

    private static JobSecret secretIn(String file) {
        try {
            return JobSecret.fromHex(Files.readString(Path.of(file)));
        } catch (IOException e) {
            throw new BootstrapException("cannot read the job's secret: file=" + file + " (" + e
                    + "); the job that this environment belongs to may have ended", e);
        } catch (IllegalArgumentException e) {
            throw new BootstrapException("the job's secret must be 64 hexadecimal digits: file=" + file, e);
        }
    }
}
