package org.jadi.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jadi.junit.MpiTest;
import org.jadi.mpi.Mpi;
import org.junit.jupiter.api.Test;

class BehavioursTest {
    @MpiTest(ranks = {1, 2, 3, 4, 5}, timeoutSeconds = 120)
    void everyBehaviour(Mpi mpi) throws Exception {
        runAll(mpi);
    }

    @MpiTest(ranks = 3, timeoutSeconds = 120, config = {"eager.limitBytes=0", "eager.creditBytes=256", "self.ringBytes=512",
            "match.firstCounter=9223372036854775800"})
    void everyBehaviourWithLimitsForcedLow(Mpi mpi) throws Exception {
        runAll(mpi);
    }

    @MpiTest(ranks = 2, timeoutSeconds = 120, config = {"packet.maxBytes=64", "eager.limitBytes=100k", "wait.spin=0us",
            "wait.yield=0us"})
    void everyBehaviourInSmallPacketsWithoutSpinning(Mpi mpi) throws Exception {
        runAll(mpi);
    }

    /** No message of theirs is of other types than its receive. */
    @MpiTest(ranks = 3, timeoutSeconds = 120, config = "check.types=true")
    void everyBehaviourWithTypesCompared(Mpi mpi) throws Exception {
        runAll(mpi);
    }

    private static void runAll(Mpi mpi) throws Exception {
        for (Behaviour b : Behaviours.all()) {
            try {
                Behaviours.run(mpi, b);
            } catch (Exception | Error e) {
                throw new AssertionError(b.name() + ": " + e, e);
            }
        }
    }

    @Test
    void shouldNameEachBehaviourOnce() {
        Set<String> seen = new HashSet<>();
        List<String> twice = Behaviours.all().stream().map(Behaviour::name).filter(name -> !seen.add(name)).toList();
        assertEquals(List.of(), twice);
    }
}
