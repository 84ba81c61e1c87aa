package org.jadi.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jadi.bench.Kernel;
import org.junit.jupiter.api.Test;

class PlanTest {

    private static Plan plan(String... args) {
        return CompareOptions.parse(args).plan();
    }

    @Test
    void everyPartIsPlannedAndEveryKernelExists() {
        for (Plan plan : List.of(Plan.quick(), Plan.usual(), Plan.thorough())) {
            assertEquals(Set.copyOf(Plan.PARTS), plan.series().stream().map(Plan.Series::part).collect(Collectors.toSet()));
            for (Plan.Group group : plan.groups()) {
                plan.points(group).forEach(point -> assertTrue(Kernel.of(point.kernel()) != null, point.kernel()));
            }
        }
    }

    @Test
    void timeLimitShortensSlices() {
        Plan whole = plan();
        Plan short20 = plan("--time-limit", "1200");
        assertTrue(whole.estimateSeconds() > 1200);
        assertTrue(short20.estimateSeconds() <= 1200, short20.estimateSeconds() + " s");
        assertEquals(whole.series(), short20.series());
    }

    @Test
    void onlyKeepsTheParts() {
        Plan plan = plan("--only", "latency,collectives");
        assertEquals(Set.of("latency", "collectives"), plan.series().stream().map(Plan.Series::part).collect(Collectors.toSet()));
        assertThrows(IllegalArgumentException.class, () -> plan("--only", "latencies"));
    }

    @Test
    void depthsMayReachAMillion() {
        Plan plan = plan("--only", "matching", "--depths", "64,1000000");
        assertEquals(List.of(64, 1_000_000), plan.series().getFirst().sizes());
    }

    @Test
    void overUcxBothSidesHaveTheSameTransport() {
        List<String> transports = Plan.usual().groups().stream().map(Plan.Group::transport).filter(JobSpec::isUcx).toList();
        assertEquals(List.of("ucx-posix", "ucx-tcp"), transports);
        for (String transport : transports) {
            String tls = transport.substring(JobSpec.UCX.length());
            List<JobSpec> jobs = JobSpec.all("mpirun", "tools", transport, 2);
            assertEquals(List.of("jadi-" + transport + "-heap", "jadi-" + transport + "-allocated", "openmpi-" + transport),
                    jobs.stream().map(JobSpec::name).toList());
            for (JobSpec job : jobs) {
                boolean said = JobSpec.isJadi(job.name()) ? String.join(" ", job.command()).contains("--device ucx --ucx-tls " + tls)
                        : job.environment().equals(Map.of("UCX_TLS", tls)) && job.command().contains("ucx");
                assertTrue(said, job.shown());
                assertTrue(job.parts().contains("latency"), job.name());
            }
        }
        assertTrue(Plan.quick().groups().contains(new Plan.Group("ucx-posix", 2)));
    }

    @Test
    void quickIsShort() {
        assertTrue(Plan.quick().estimateSeconds() < 90, Plan.quick().estimateSeconds() + " s");
    }
}
