package org.jadi.launcher.options;

import java.util.List;
import java.util.Map;

/**
 * One program of a job, as the user wrote it.
 *
 * @param ranks how many ranks run it, or 0 where the user has not said
 * @param environment variables for them
 * @param workingDirectory their working directory, or null for mpirun's
 * @param classPath class path of a Java program, or null
 * @param words the program and its arguments
 */
public record ProgramSpec(int ranks, Map<String, String> environment, String workingDirectory, String classPath,
        List<String> words) {
    /** Returns the same program for so many ranks. */
    ProgramSpec forRanks(int count) {
        return new ProgramSpec(count, environment, workingDirectory, classPath, words);
    }
}
