package org.jadi.launcher.job;

import org.jadi.bootstrap.kvs.JobEvents;

/** What happens to the ranks of one host. Called by several threads: implementations do not block. */
public interface RankListener extends JobEvents {
    /** A rank's process was started; the first that is heard of it. */
    void started(int rank, long pid);

    /** A rank's process has ended. */
    void exited(int rank, int code);
}
