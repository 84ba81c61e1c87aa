package org.jadi.adi.device;

import java.util.concurrent.ConcurrentMap;
import org.jadi.adi.config.Config;
import org.jadi.adi.stats.Log;

/** What the engine gives a device when it opens. All methods may be called by any thread, at any time until close. */
public interface DeviceContext {
    /** Returns this rank in the job. */
    int rank();

    /** Returns the number of ranks in the job. */
    int size();

    /** Returns the job's identity: safe as a file name, 1 to 64 characters. */
    String jobId();

    /**
     * Returns whether the user named the devices. If not, a device that mostly loses to others may refuse to open, unless
     * it finds the hardware that it is made for.
     */
    default boolean isNamed() {
        return true;
    }

    /** Returns the configuration. */
    Config config();

    /** Returns the source of proofs for connections. */
    Authenticator authenticator();

    /** Returns where arrived packets and failures are handed to. */
    InboundHandler inbound();

    /** Returns the word on which an idle engine sleeps; ring it when something arrives that progress would see. */
    Doorbell doorbell();

    /**
     * Returns the objects that the ranks of one in-process job share: one map for the whole job, through which their
     * devices find each other. Keys begin with the device's name and a slash.
     *
     * @return the map, or null where every rank is a process of its own
     */
    default ConcurrentMap<String, Object> local() {
        return null;
    }

    /** Returns what makes the threads that a device needs beside the caller's. */
    default HelperThreads threads() {
        return HelperThreads.UNPLACED;
    }

    /** Returns the log for the few lines a user must see. */
    Log log();
}
