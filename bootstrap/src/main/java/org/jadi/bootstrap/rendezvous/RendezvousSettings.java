package org.jadi.bootstrap.rendezvous;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jadi.bootstrap.BootstrapException;
import org.jadi.bootstrap.JobSecret;
import org.jadi.bootstrap.JobSettings;
import org.jadi.bootstrap.Variables;

/**
 * What the environment says of a job without a launcher.
 *
 * @param rank rank of this process
 * @param size number of ranks
 * @param host name or address of rank 0's host; null where a file tells it
 * @param port port on which rank 0 listens; 0 where a file tells it
 * @param card file that rank 0 writes and the others read; null where the host is known
 * @param jobId name of the job; null where the file tells it
 * @param secret the job's secret; null where the file tells it
 * @param patience how long ranks wait for one another
 * @param silence after how much silence a rank is given up; zero for never
 */
public record RendezvousSettings(int rank, int size, String host, int port, Path card, String jobId, JobSecret secret,
        Duration patience, Duration silence) {
    /** Where the ranks meet: {@code host:port} of rank 0, or the path of a file in a folder that all hosts share. */
    public static final String PLACE = "JADI_RENDEZVOUS";
    /** Seconds of silence after which a rank, or rank 0, is given up; 0 for never; 30 if not set. */
    public static final String SILENCE = "JADI_SILENCE";
    /** A number that differs for each start of the same job, so that ranks of two starts do not meet (optional). */
    public static final String ATTEMPT = "JADI_ATTEMPT";

    private static final List<String> RANKS = List.of(JobSettings.RANK, "JOB_COMPLETION_INDEX", "SLURM_PROCID", "PMI_RANK",
            "OMPI_COMM_WORLD_RANK", "RANK");
    private static final List<String> SIZES = List.of(JobSettings.SIZE, "SLURM_STEP_NUM_TASKS", "SLURM_NTASKS", "PMI_SIZE",
            "OMPI_COMM_WORLD_SIZE", "WORLD_SIZE");
    private static final List<String> SLURM_STEP = List.of("SLURM_PROCID", "SLURM_JOB_ID", "SLURM_STEP_ID", "SLURM_STEP_NUM_TASKS");
    private static final long SILENCE_SECONDS = 30;

    /** Returns whether an environment names a rendezvous. */
    public static boolean isNamed(Map<String, String> env) {
        return Variables.isPresent(env, PLACE);
    }

    /**
     * Reads an environment that names a rendezvous.
     *
     * @throws BootstrapException naming the variable that is missing or malformed
     */
    public static RendezvousSettings from(Map<String, String> env) {
        int size = Variables.number(env, first(env, SIZES, "the number of ranks"), 1, Integer.MAX_VALUE);
        int rank = Variables.number(env, first(env, RANKS, "the rank of this process"), 0, size - 1);
        String place = env.get(PLACE).strip();
        if (place.startsWith("/")) {
            return new RendezvousSettings(rank, size, null, 0, Path.of(place), null, null, Variables.patience(env), silence(env));
        }
        int colon = place.lastIndexOf(':');
        if (colon < 1) {
            throw new BootstrapException(PLACE + " must be host:port of rank 0, or the absolute path of a file: value=" + place);
        }
        int port = Variables.number(Map.of(PLACE, place.substring(colon + 1)), PLACE, 1, Variables.MAX_PORT);
        JobSecret secret = secret(env);
        return new RendezvousSettings(rank, size, place.substring(0, colon), port, null, jobId(env, secret), secret,
                Variables.patience(env), silence(env));
    }

    /**
     * Reads the environment of a task of Slurm, for {@code srun --mpi=none}: the ranks meet by a file below the user's home,
     * or at the first host of the step where {@code JADI_SECRET_FILE} is set.
     *
     * @return null if it is not a task of several
     */
    public static RendezvousSettings fromSlurm(Map<String, String> env) {
        if (!SLURM_STEP.stream().allMatch(name -> Variables.isPresent(env, name))
                || Variables.number(env, "SLURM_STEP_NUM_TASKS", 0, Integer.MAX_VALUE) < 2) {
            return null;
        }
        int size = Variables.number(env, "SLURM_STEP_NUM_TASKS", 1, Integer.MAX_VALUE);
        int rank = Variables.number(env, "SLURM_PROCID", 0, size - 1);
        String name = "slurm-" + env.get("SLURM_JOB_ID").strip() + "-" + env.get("SLURM_STEP_ID").strip() + "-"
                + env.getOrDefault("SLURM_RESTART_COUNT", "0").strip();
        if (!Variables.isJobId(name)) {
            throw new BootstrapException("the environment names no step of Slurm: SLURM_JOB_ID=" + env.get("SLURM_JOB_ID")
                    + " SLURM_STEP_ID=" + env.get("SLURM_STEP_ID"));
        }
        Path card = Path.of(System.getProperty("user.home"), ".jadi", "rendezvous", name);
        return new RendezvousSettings(rank, size, null, 0, card, null, null, Variables.patience(env), silence(env));
    }

    private static String first(Map<String, String> env, List<String> names, String what) {
        return names.stream().filter(n -> Variables.isPresent(env, n)).findFirst().orElseThrow(() -> new BootstrapException(PLACE
                + " is set, but nothing says " + what + "; set one of " + String.join(", ", names)));
    }

    private static Duration silence(Map<String, String> env) {
        return Duration.ofSeconds(Variables.isPresent(env, SILENCE) ? Variables.number(env, SILENCE, 0, Integer.MAX_VALUE)
                : SILENCE_SECONDS);
    }

    private static JobSecret secret(Map<String, String> env) {
        if (!Variables.isPresent(env, JobSettings.SECRET_FILE)) {
            throw new BootstrapException(PLACE + " is set, but not " + JobSettings.SECRET_FILE + ": name a file that every rank"
                    + " has, with 64 hexadecimal digits that nobody else can read (openssl rand -hex 32)");
        }
        return Variables.secret(env.get(JobSettings.SECRET_FILE).strip(), "");
    }

    /** Names folders in shared memory too, so it differs between jobs of one host even where the user named none. */
    private static String jobId(Map<String, String> env, JobSecret secret) {
        String given = env.getOrDefault(JobSettings.JOB_ID, "").strip();
        String attempt = env.getOrDefault(ATTEMPT, "").strip();
        String id = (given.isEmpty() ? "job-" + secret.fingerprint(env.get(PLACE).strip()) : given)
                + (attempt.isEmpty() ? "" : "-" + attempt);
        if (!Variables.isJobId(id)) {
            throw new BootstrapException(JobSettings.JOB_ID + " and " + ATTEMPT
                    + " together must be 1 to 64 letters, digits, '_', '.' or '-': value=" + id);
        }
        return id;
    }
}
