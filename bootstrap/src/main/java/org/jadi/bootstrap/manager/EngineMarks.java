package org.jadi.bootstrap.manager;

import java.util.List;
import java.util.Map;
import org.jadi.bootstrap.BootstrapException;

/**
 * The traces that cluster engines leave in the environment of the processes they start: the reason to refuse to start as a
 * job of one where an engine started several.
 */
public final class EngineMarks {
    /** Set to "true" for a process that is to be a job of its own, whatever started it. */
    public static final String SINGLETON = "JADI_SINGLETON";

    /** One engine: the variable with its number of processes, one that says that this is such a process, and the way out. */
    private record Mark(String engine, String size, String process, String advice) {}

    private static final List<Mark> MARKS = List.of(
            new Mark("Slurm", "SLURM_STEP_NUM_TASKS", "SLURM_PROCID", "start with srun --mpi=pmi2 or --mpi=pmix"),
            new Mark("Open MPI", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK",
                    "install libpmix (package libpmix2), or name it in JADI_PMIX_LIBRARY"),
            new Mark("a PMI launcher", "PMI_SIZE", "PMI_RANK",
                    "PMI_FD or PMI_PORT is missing: start java itself, not a program that starts java"),
            new Mark("MVAPICH", "MV2_COMM_WORLD_SIZE", "MV2_COMM_WORLD_RANK", "start with its PMI-1 launcher"),
            new Mark("Flux", "FLUX_JOB_SIZE", "FLUX_TASK_RANK", "start with the shell's pmi=simple option"));

    private EngineMarks() {}

    /** Returns whether the user asked for a job of one. */
    public static boolean singletonWanted(Map<String, String> env) {
        return env.getOrDefault(SINGLETON, "").strip().equalsIgnoreCase("true");
    }

    /**
     * Refuses to start as a job of one where an engine started several processes: each of them would compute alone, and
     * nobody would be told.
     *
     * @throws BootstrapException naming the engine and what can be done
     */
    public static void refuseSilentSingleton(Map<String, String> env) {
        for (Mark mark : MARKS) {
            if (env.containsKey(mark.process()) && number(env, mark.size()) > 1) {
                throw refused(mark.engine() + " says that this is process " + env.get(mark.process()) + " of "
                        + env.get(mark.size()), mark.size() + "=" + env.get(mark.size()), mark.advice());
            }
        }
        if (number(env, "PMIX_RANK") >= 0) {
            throw refused("a PMIx launcher says that this is process " + env.get("PMIX_RANK"), "PMIX_RANK="
                    + env.get("PMIX_RANK"), "install libpmix (package libpmix2), or name it in JADI_PMIX_LIBRARY");
        }
        if (env.containsKey("JOB_COMPLETION_INDEX")) {
            throw refused("Kubernetes says that this is pod " + env.get("JOB_COMPLETION_INDEX") + " of an Indexed Job",
                    "JOB_COMPLETION_INDEX=" + env.get("JOB_COMPLETION_INDEX"),
                    "set JADI_RENDEZVOUS=host:port of pod 0, JADI_SIZE and JADI_SECRET_FILE, see examples/kubernetes");
        }
    }

    private static BootstrapException refused(String fact, String mark, String advice) {
        return new BootstrapException(fact + " (" + mark + "), but offers no way to the others that can be used here; "
                + advice + ", or set " + SINGLETON + "=true for a job of one process");
    }

    private static int number(Map<String, String> env, String name) {
        try {
            return Integer.parseInt(env.getOrDefault(name, "").strip());
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
