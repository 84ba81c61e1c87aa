package org.jadi.launcher.hosts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jadi.launcher.LauncherException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(10)
class HostSourceTest {
    @TempDir
    Path folder;

    private HostSource find(String list, String file, Map<String, String> env) {
        return HostSource.find(list, file, env, folder.resolve("operator"));
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static String text(HostSource source) {
        return source.origin() + ": " + String.join(" ", source.hosts().stream().map(h -> h.name() + "=" + h.slots()).toList());
    }

    @Test
    void shouldReadAllocations() throws Exception {
        HostSource slurm = find(null, null, Map.of("SLURM_JOB_NODELIST", "n[1-3]", "SLURM_TASKS_PER_NODE", "3,1(x2)"));
        assertEquals("Slurm: n1=3 n2=1 n3=1", text(slurm));
        assertTrue(slurm.slurm());
        assertEquals("Slurm: n1=8 n2=8", text(find(null, null, Map.of("SLURM_JOB_NODELIST", "n[1-2]",
                "SLURM_JOB_CPUS_PER_NODE", "8(x2)"))));
        assertEquals("PBS: a=2 b=1", text(find(null, null, Map.of("PBS_NODEFILE", file("pbs", "a\na\nb\n")))));
        assertEquals("LSF: a=2 b=1", text(find(null, null, Map.of("LSB_DJOB_HOSTFILE", file("lsf", "a\na\nb\n")))));
        assertEquals("LSF: a=2 b=4", text(find(null, null, Map.of("LSB_MCPU_HOSTS", "a 2 b 4 "))));
        assertEquals("SGE: a=6 b=1", text(find(null, null, Map.of("PE_HOSTFILE",
                file("sge", "a 4 q@a UNDEFINED\nb 1 q@b UNDEFINED\na 2 p@a <NULL>\n")))));
    }

    @Test
    void shouldPreferWhatTheUserSays() throws Exception {
        Map<String, String> env = Map.of("SLURM_JOB_NODELIST", "n[1-3]", "HYDRA_HOST_FILE", file("hydra", "h:2\n"));
        assertEquals("--host: a=0", text(find("a", null, env)));
        assertTrue(text(find(null, file("f", "x slots=3\ny\n"), env)).endsWith("/f: x=3 y=1"));
        assertEquals("--host: y=1 x=7", text(find("y,x:7", file("f", "x slots=3\ny\n"), env)));
        assertThrows(LauncherException.class, () -> find("z", folder.resolve("f").toString(), env));
        assertEquals("Slurm: n1=1 n2=1 n3=1", text(find(null, null, env)));
        assertThrows(LauncherException.class, () -> find(null, "/no/such/file", env));
    }

    @Test
    void shouldFindFilesOfOthers() throws Exception {
        assertEquals("HYDRA_HOST_FILE: w0.job=2", text(find(null, null, Map.of("HYDRA_HOST_FILE", file("h", "w0.job:2\n")))));
        assertTrue(find(null, null, Map.of()).hosts().isEmpty());
        file("operator", "job-worker-0.job.ns.svc slots=2\njob-worker-1.job.ns.svc slots=2\n");
        HostSource operator = find(null, null, Map.of());
        assertTrue(text(operator).endsWith(": job-worker-0.job.ns.svc=2 job-worker-1.job.ns.svc=2"), text(operator));
        assertFalse(operator.slurm());
    }
}
