package org.jadi.bench.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One configuration of one library.
 *
 * @param name as it stands in tables and raw files
 * @param jadi ours, or one to compare with
 * @param transport only jobs of the same transport are compared
 */
record JobSpec(String name, boolean jadi, String transport, List<String> command, Map<String, String> environment) {

    private static final List<String> OPENMPI =
            List.of("mpirun.openmpi", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none");

    /** Everything to compare: as a user gets it, and what is known to be another good setting. */
    static List<JobSpec> all(String mpirun, String peers, int ranks) {
        List<JobSpec> jobs = new ArrayList<>();
        for (String transport : List.of("shm", "tcp")) {
            for (String buffers : List.of("heap", "allocated")) {
                jobs.add(new JobSpec(
                        "jadi-" + transport + "-" + buffers,
                        true,
                        transport,
                        program(List.of(mpirun, "--device", transport, "-np", "" + ranks, "bench"), buffers),
                        Map.of()));
            }
        }
        String openmpi = peers + "/peer.openmpi";
        String mpich = peers + "/peer.mpich";
        jobs.add(c("openmpi-shm", "shm", program(openMpi(ranks, openmpi), "heap"), Map.of()));
        jobs.add(c(
                "openmpi-ucx",
                "shm",
                program(
                        openMpi(ranks, "--mca", "pml", "ucx", "--mca", "pml_ucx_tls", "any", "--mca", "pml_ucx_devices", "any", openmpi),
                        "heap"),
                Map.of()));
        jobs.add(c("mpich-shm", "shm", program(List.of("mpiexec.mpich", "-n", "" + ranks, mpich), "heap"), Map.of()));
        jobs.add(c(
                "openmpi-tcp",
                "tcp",
                program(
                        openMpi(ranks, "--mca", "pml", "ob1", "--mca", "btl", "tcp,self", "--mca", "btl_tcp_if_include", "lo", openmpi),
                        "heap"),
                Map.of()));
        // Debian's MPICH is ch4:ucx. MPIR_CVAR_NOLOCAL=1 alone leaves UCX's own shared memory in use (seen: no byte over lo);
        // UCX_TLS=tcp,self at times hangs in MPI_Finalize.
        jobs.add(c(
                "mpich-tcp",
                "tcp",
                program(List.of("mpiexec.mpich", "-n", "" + ranks, mpich), "heap"),
                Map.of("UCX_TLS", "tcp", "UCX_NET_DEVICES", "lo")));
        return jobs;
    }

    private static JobSpec c(String name, String transport, List<String> command, Map<String, String> environment) {
        return new JobSpec(name, false, transport, command, environment);
    }

    private static List<String> openMpi(int ranks, String... rest) {
        List<String> command = new ArrayList<>(OPENMPI);
        command.addAll(List.of("-np", "" + ranks));
        command.addAll(List.of(rest));
        return command;
    }

    private static List<String> program(List<String> launch, String buffers) {
        List<String> command = new ArrayList<>(launch);
        command.addAll(List.of("latency", "--serve", "--pin", "--buffers", buffers));
        return command;
    }

    /** The command with file names shortened, for the table. */
    String shown() {
        StringBuilder shown = new StringBuilder();
        environment.forEach((name, value) -> shown.append(name).append('=').append(value).append(' '));
        for (String word : command) {
            shown.append(word.substring(word.lastIndexOf('/') + 1)).append(' ');
        }
        return shown.toString().strip();
    }
}
