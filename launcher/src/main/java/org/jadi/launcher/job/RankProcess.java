package org.jadi.launcher.job;

import java.util.List;
import org.jadi.launcher.output.LineRelay;

/**
 * A rank that was started on this host.
 *
 * @param rank its number
 * @param process its process
 * @param relays what carries its output
 */
record RankProcess(int rank, Process process, List<LineRelay> relays) {
}
