package org.jadi.mpi;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jadi.adi.config.Config;
import org.jadi.mpi.launch.LocalJob;

/** Runs a body on ranks that are threads, with a configuration that is only known when the test runs. */
final class Ranks {
    /** What every rank does. */
    interface Body {
        void run(IntraComm world) throws Throwable;
    }

    private Ranks() {}

    static void run(int ranks, Map<String, String> settings, Body body) {
        Map<String, String> values = new HashMap<>(settings);
        values.putIfAbsent("device", "self");
        Config config = Config.of(values);
        LocalJob.Failure failure = new LocalJob(ranks).run(Duration.ofSeconds(60), null, place -> {
            try (Mpi mpi = Mpi.init(place, config)) {
                body.run(mpi.world());
            }
        });
        if (failure != null) {
            throw new AssertionError("rank " + failure.rank() + " of " + ranks + " with " + settings + ": "
                    + (failure.cause() == null ? failure.report() : failure.cause()), failure.cause());
        }
    }
}
