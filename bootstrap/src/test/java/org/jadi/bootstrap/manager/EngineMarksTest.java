package org.jadi.bootstrap.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.jadi.bootstrap.Bootstrap;
import org.jadi.bootstrap.BootstrapException;
import org.jadi.bootstrap.Bootstraps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
class EngineMarksTest {
    @ParameterizedTest
    @CsvSource({"SLURM_PROCID,SLURM_STEP_NUM_TASKS,Slurm", "OMPI_COMM_WORLD_RANK,OMPI_COMM_WORLD_SIZE,Open MPI",
        "PMI_RANK,PMI_SIZE,a PMI launcher", "FLUX_TASK_RANK,FLUX_JOB_SIZE,Flux", "MV2_COMM_WORLD_RANK,MV2_COMM_WORLD_SIZE,MVAPICH"})
    void shouldRefuseToBeOneOfManySingletons(String process, String size, String engine) {
        Map<String, String> env = new HashMap<>(Map.of(process, "1", size, "4"));
        BootstrapException e = assertThrows(BootstrapException.class, () -> Bootstraps.open(env));
        assertTrue(e.getMessage().startsWith(engine + " says that this is process 1 of 4 (" + size + "=4), but"), e.getMessage());
        assertTrue(e.getMessage().endsWith("or set JADI_SINGLETON=true for a job of one process"), e.getMessage());
        env.put("JADI_SINGLETON", "true");
        assertSingleton(env);
    }

    @Test
    void shouldRefuseAPodThatDoesNotKnowTheOthers() {
        BootstrapException e = assertThrows(BootstrapException.class,
                () -> Bootstraps.open(Map.of("JOB_COMPLETION_INDEX", "0")));
        assertTrue(e.getMessage().contains("pod 0 of an Indexed Job"), e.getMessage());
    }

    @Test
    void shouldRefuseAPmixProcessWithoutLibrary() {
        BootstrapException e = assertThrows(BootstrapException.class, () -> Bootstraps.open(
                Map.of("PMIX_RANK", "0", "PMIX_NAMESPACE", "job", "JADI_PMIX_LIBRARY", "libnosuchpmix.so.9")));
        assertTrue(e.getMessage().startsWith("cannot load the PMIx library: JADI_PMIX_LIBRARY=libnosuchpmix.so.9"), e.getMessage());
        e = assertThrows(BootstrapException.class, () -> EngineMarks.refuseSilentSingleton(Map.of("PMIX_RANK", "3")));
        assertTrue(e.getMessage().startsWith("a PMIx launcher says that this is process 3"), e.getMessage());
    }

    @Test
    void shouldBeASingletonWhereAnEngineStartedOneProcess() {
        assertSingleton(Map.of("SLURM_PROCID", "0", "SLURM_STEP_NUM_TASKS", "1"));
        assertSingleton(Map.of("SLURM_NTASKS", "8", "SLURM_JOB_ID", "4")); // the shell of an allocation is no task
    }

    private static void assertSingleton(Map<String, String> env) {
        try (Bootstrap b = Bootstraps.open(env)) {
            assertEquals(1, b.size());
        }
    }
}
