package org.jadi.system;

import org.jadi.junit.MpiTest;
import org.jadi.mpi.Mpi;

/** Datatypes alone, with the limits at which a message changes its protocol forced low. */
class DatatypeBehavioursTest {
    @MpiTest(ranks = {1, 2, 3}, timeoutSeconds = 120)
    void withUsualLimits(Mpi mpi) throws Exception {
        runAll(mpi);
    }

    @MpiTest(ranks = 3, timeoutSeconds = 120, config = {"eager.limitBytes=0", "eager.creditBytes=256", "self.ringBytes=1024"})
    void withRendezvousInPieces(Mpi mpi) throws Exception {
        runAll(mpi);
    }

    @MpiTest(ranks = 2, timeoutSeconds = 120, config = {"packet.maxBytes=70", "eager.limitBytes=64m"})
    void withEagerPiecesThatCutElements(Mpi mpi) throws Exception {
        runAll(mpi);
    }

    private static void runAll(Mpi mpi) throws Exception {
        for (Behaviour b : DatatypeBehaviours.ALL) {
            try {
                Behaviours.run(mpi, b);
            } catch (Exception | Error e) {
                throw new AssertionError(b.name() + ": " + e, e);
            }
        }
    }
}
