package org.jadi.launcher.job;

import java.util.List;
import org.jadi.launcher.output.LineRelay;

/**
 * A rank that was started.
 *
 * @param rank its number
 * @param process its process
 * @param relays what carries its output
 * @param jvm whether it is a JVM, which answers SIGQUIT with its stacks
 */
record RankProcess(int rank, Process process, List<LineRelay> relays, boolean jvm) {
    @Override
    public String toString() {
        return "rank " + rank + " (pid " + process.pid() + ")";
    }
}
