package org.jadi.launcher.job;

import org.jadi.launcher.output.LineTarget;

/** Where the output of ranks goes. */
public interface RankTargets {
    /** Returns where a rank's standard output goes. */
    LineTarget out(int rank);

    /** Returns where a rank's standard error goes. */
    LineTarget error(int rank);
}
