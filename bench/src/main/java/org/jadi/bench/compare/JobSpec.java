package org.jadi.bench.compare;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One configuration of one library, or a raw measurement.
 *
 * @param name as it stands in tables and raw files
 * @param transport only jobs of the same transport are compared
 * @param parts parts of the comparison that it takes part in
 * @param program a file that must be there, be it a program or a library, or null
 */
record JobSpec(
        String name,
        String transport,
        Set<String> parts,
        Path program,
        List<String> command,
        Map<String, String> environment) {

    static final String JADI = "jadi-";
    static final String LIMIT = "limit-";
    /** Begins the names of transports that are UCX's, for jobs that all go through UCX. */
    static final String UCX = "ucx-";

    private static final Set<String> ALL = Set.copyOf(Plan.PARTS);
    /** Where it may matter whether a buffer is allocated. */
    private static final Set<String> MOVING = Set.of("latency", "rate", "bandwidth", "twoway", "multipair", "collectives");
    private static final Set<String> LIMITED = Set.of("latency", "rate", "bandwidth", "twoway");
    private static final List<String> OPENMPI =
            List.of("mpirun.openmpi", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none");

    static boolean isUcx(String transport) {
        return transport.startsWith(UCX);
    }

    static boolean isJadi(String job) {
        return job.startsWith(JADI);
    }

    static boolean isLimit(String job) {
        return job.startsWith(LIMIT);
    }

    static boolean isPeer(String job) {
        return !isJadi(job) && !isLimit(job);
    }

    /** As a user gets it who installs the library and does nothing else. */
    static boolean isInstalled(String job) {
        return job.equals("openmpi-shm") || job.equals("mpich-shm");
    }

    boolean available() {
        return program == null || Files.exists(program);
    }

    /** Everything to compare: as a user gets it, and what is known to be another good setting. */
    static List<JobSpec> all(String mpirun, String tools, String transport, int ranks) {
        List<JobSpec> jobs = new ArrayList<>();
        if (isUcx(transport)) {
            addUcx(jobs, mpirun, tools, transport, ranks);
            return jobs;
        }
        addJadi(jobs, transport, null, List.of(mpirun, "--device", transport, "-np", "" + ranks, "bench"));
        String openmpi = tools + "/peer.openmpi";
        String mpich = tools + "/peer.mpich";
        if (transport.equals("shm")) {
            jobs.add(peer("openmpi-shm", transport, openmpi, openMpi(ranks), Map.of()));
            jobs.add(peer("openmpi-ucx", transport, openmpi, openMpiOverUcx(ranks), Map.of()));
            jobs.add(peer("mpich-shm", transport, mpich, List.of("mpiexec.mpich", "-n", "" + ranks), Map.of()));
            if (ranks == 2) {
                jobs.add(limit("limit-copy", transport, tools, LIMITED));
                jobs.add(limit("limit-pipeline", transport, tools, LIMITED));
                jobs.add(limit("limit-futex", transport, tools, Set.of("waiting")));
            }
        } else {
            List<String> tcp =
                    openMpi(ranks, "--mca", "pml", "ob1", "--mca", "btl", "tcp,self", "--mca", "btl_tcp_if_include", "lo");
            jobs.add(peer("openmpi-tcp", transport, openmpi, tcp, Map.of()));
            // Debian's MPICH is ch4:ucx. MPIR_CVAR_NOLOCAL=1 alone leaves UCX's own shared memory in use (seen: no byte over
            // lo); UCX_TLS=tcp,self at times hangs in MPI_Finalize.
            jobs.add(peer(
                    "mpich-tcp",
                    transport,
                    mpich,
                    List.of("mpiexec.mpich", "-n", "" + ranks),
                    Map.of("UCX_TLS", "tcp", "UCX_NET_DEVICES", "lo")));
            if (ranks == 2) {
                jobs.add(limit("limit-socket", transport, tools, Set.of("latency")));
            }
        }
        return jobs;
    }

    private static void addJadi(List<JobSpec> jobs, String transport, Path needed, List<String> launch) {
        for (String buffers : List.of("heap", "allocated")) {
            Set<String> parts = buffers.equals("heap") ? ALL : MOVING;
            jobs.add(new JobSpec(JADI + transport + "-" + buffers, transport, parts, needed, program(launch, buffers), Map.of()));
        }
    }

    /** Jadi and Open MPI, both through UCX and the same one of its transports. */
    private static void addUcx(List<JobSpec> jobs, String mpirun, String tools, String transport, int ranks) {
        String tls = transport.substring(UCX.length());
        addJadi(jobs, transport, Path.of(tools, "libucp.so.0"),
                List.of(mpirun, "--device", "ucx", "--ucx-tls", tls, "-np", "" + ranks, "bench"));
        jobs.add(peer("openmpi-" + transport, transport, tools + "/peer.openmpi", openMpiOverUcx(ranks), Map.of("UCX_TLS", tls)));
    }

    private static List<String> openMpiOverUcx(int ranks) {
        return openMpi(ranks, "--mca", "pml", "ucx", "--mca", "pml_ucx_tls", "any", "--mca", "pml_ucx_devices", "any");
    }

    private static JobSpec peer(
            String name, String transport, String program, List<String> launch, Map<String, String> environment) {
        List<String> command = new ArrayList<>(launch);
        command.add(program);
        return new JobSpec(name, transport, ALL, Path.of(program), program(command, "heap"), environment);
    }

    private static JobSpec limit(String name, String transport, String tools, Set<String> parts) {
        Path program = Path.of(tools, "peer." + name);
        return new JobSpec(name, transport, parts, program, program(List.of(program.toString()), "allocated"), Map.of());
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
