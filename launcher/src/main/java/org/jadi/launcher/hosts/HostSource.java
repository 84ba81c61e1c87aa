package org.jadi.launcher.hosts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jadi.launcher.LauncherException;

/**
 * Where the hosts of a job come from: the user's options, else the allocation of a batch system that mpirun runs in, else a
 * file that others have put in place, else nowhere.
 *
 * @param hosts the hosts, or empty for this one alone
 * @param origin what they come from, for messages
 * @param slurm whether Slurm has given them, so that its own {@code srun} reaches them
 */
public record HostSource(List<HostSlots> hosts, String origin, boolean slurm) {
    private static final Path OPERATOR_FILE = Path.of("/etc/mpi/hostfile");
    private static final List<String> FILE_VARIABLES = List.of("JADI_HOSTFILE", "HYDRA_HOST_FILE",
            "OMPI_MCA_orte_default_hostfile", "PRTE_MCA_prte_default_hostfile", "I_MPI_HYDRA_HOST_FILE");

    /**
     * Finds the hosts.
     *
     * @param list the user's list, or null
     * @param file the user's file, or null; a list beside it chooses among its hosts
     */
    public static HostSource find(String list, String file, Map<String, String> env) {
        return find(list, file, env, OPERATOR_FILE);
    }

    static HostSource find(String list, String file, Map<String, String> env, Path operatorFile) {
        if (list != null && file != null) {
            return new HostSource(chosen(HostList.ofOption("--host", list), fromFile(file), file), "--host", false);
        }
        if (list != null) {
            return new HostSource(HostList.ofOption("--host", list), "--host", false);
        }
        if (file != null) {
            return new HostSource(fromFile(file), file, false);
        }
        HostSource allocation = allocation(env);
        if (allocation != null) {
            return allocation;
        }
        for (String variable : FILE_VARIABLES) {
            if (present(env, variable)) {
                return new HostSource(fromFile(env.get(variable)), variable, false);
            }
        }
        // The Kubernetes MPI Operator mounts it into the launcher's pod.
        if (Files.isReadable(operatorFile)) {
            return new HostSource(fromFile(operatorFile.toString()), operatorFile.toString(), false);
        }
        return new HostSource(List.of(), "", false);
    }

    private static List<HostSlots> chosen(List<HostSlots> list, List<HostSlots> known, String file) {
        List<HostSlots> result = new ArrayList<>();
        for (HostSlots host : list) {
            HostSlots match = known.stream().filter(k -> k.name().equals(host.name())).findFirst().orElseThrow(
                    () -> new LauncherException(LauncherException.USAGE, "host " + host.name() + " is not in the host file: file="
                            + file));
            result.add(host.slots() > 0 ? host : match);
        }
        return result;
    }

    private static HostSource allocation(Map<String, String> env) {
        if (present(env, "SLURM_JOB_NODELIST")) {
            return new HostSource(slurm(env), "Slurm", true);
        }
        if (present(env, "PBS_NODEFILE")) {
            return new HostSource(fromFile(env.get("PBS_NODEFILE")), "PBS", false);
        }
        if (present(env, "LSB_DJOB_HOSTFILE")) {
            return new HostSource(fromFile(env.get("LSB_DJOB_HOSTFILE")), "LSF", false);
        }
        if (present(env, "LSB_MCPU_HOSTS")) {
            return new HostSource(pairs(env.get("LSB_MCPU_HOSTS")), "LSF", false);
        }
        if (present(env, "PE_HOSTFILE")) {
            return new HostSource(gridEngine(env.get("PE_HOSTFILE")), "SGE", false);
        }
        return null;
    }

    private static List<HostSlots> slurm(Map<String, String> env) {
        List<String> names = SlurmList.hosts(env.get("SLURM_JOB_NODELIST"));
        String tasks = env.getOrDefault("SLURM_TASKS_PER_NODE", env.getOrDefault("SLURM_JOB_CPUS_PER_NODE", ""));
        List<Integer> slots = tasks.isBlank() ? List.of() : SlurmList.numbers(tasks);
        List<HostSlots> hosts = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            hosts.add(new HostSlots(names.get(i), i < slots.size() ? slots.get(i) : 1));
        }
        return hosts;
    }

    /** LSF: {@code a 2 b 4}. */
    private static List<HostSlots> pairs(String text) {
        String[] words = text.strip().split("\\s+");
        StringBuilder list = new StringBuilder();
        for (int i = 0; i + 1 < words.length; i += 2) {
            list.append(words[i]).append(':').append(words[i + 1]).append(',');
        }
        return HostList.ofOption("LSB_MCPU_HOSTS", list.toString());
    }

    /** Grid Engine: {@code host slots queue processors} in each line. */
    private static List<HostSlots> gridEngine(String file) {
        Map<String, Integer> slots = new LinkedHashMap<>();
        for (String line : lines(file)) {
            String[] words = line.strip().split("\\s+");
            if (words.length >= 2 && words[1].matches("[0-9]{1,7}")) {
                slots.merge(words[0], Integer.valueOf(words[1]), Integer::sum);
            }
        }
        List<HostSlots> hosts = new ArrayList<>();
        slots.forEach((name, count) -> hosts.add(new HostSlots(name, count)));
        if (hosts.isEmpty()) {
            throw new LauncherException(1, "cannot read the hosts of the allocation: PE_HOSTFILE=" + file);
        }
        return hosts;
    }

    private static List<HostSlots> fromFile(String file) {
        return HostList.ofFile(file, lines(file));
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (IOException e) {
            throw new LauncherException(1, "cannot read the file of hosts: file=" + file + " (" + e + ")", e);
        }
    }

    private static boolean present(Map<String, String> env, String name) {
        String value = env.get(name);
        return value != null && !value.isBlank();
    }
}
