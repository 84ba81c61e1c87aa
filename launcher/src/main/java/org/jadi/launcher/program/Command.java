package org.jadi.launcher.program;

import java.util.List;

/**
 * What is started for each rank of a program.
 *
 * @param words executable and arguments; for a JVM, the words up to and including {@code java}
 * @param jvmWords for a JVM, what follows mpirun's flags; otherwise null
 */
public record Command(List<String> words, List<String> jvmWords) {
    /** Returns whether a rank is a JVM that mpirun gives flags to. */
    public boolean isJvm() {
        return jvmWords != null;
    }
}
