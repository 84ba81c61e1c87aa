package org.jadi.launcher.job;

import java.util.Map;
import org.jadi.launcher.program.Command;

/**
 * What the ranks of one program are.
 *
 * @param ranks how many
 * @param environment the user's variables for them
 * @param workingDirectory their working directory, or null for the launcher's
 * @param command what each of them executes
 */
public record ProgramPlan(int ranks, Map<String, String> environment, String workingDirectory, Command command) {
}
