package org.jadi.launcher.program;

import java.io.File;
import java.util.Arrays;

/** The unpacked or built Jadi that this launcher belongs to: {@code lib/} with what programs need on their class path. */
public final class Distribution {
    /** System property with the folder of the distribution, set by the {@code mpirun} script. */
    public static final String HOME_PROPERTY = "jadi.home";

    /** System property with the folder of caches that the script found current, or without value. */
    public static final String CACHES_PROPERTY = "jadi.caches";

    private static final String BENCH = "jadi-bench";

    private final String[] jars;
    private final String bench;

    /** Looks at a distribution. */
    public Distribution(String home) {
        File[] files = new File(home, "lib").listFiles();
        int count = 0;
        String[] found = new String[files == null ? 0 : files.length];
        String programs = null;
        for (File file : files == null ? new File[0] : files) {
            if (file.getName().startsWith(BENCH)) {
                programs = file.getAbsolutePath();
            } else if (file.getName().endsWith(".jar")) {
                found[count++] = file.getAbsolutePath();
            }
        }
        bench = programs;
        jars = Arrays.copyOf(found, count);
        Arrays.sort(jars);
    }

    /** Returns the jars that programs need, in a stable order. */
    public String[] jars() {
        return jars.clone();
    }

    /** Returns the same as a class path. */
    public String classPath() {
        return String.join(File.pathSeparator, jars);
    }

    /** Returns the jar of the benchmarks, or null. Only they need it: every rank opens and reads each jar before its program's. */
    public String bench() {
        return bench;
    }

    /** Returns the cache of the classes that every rank loads, or null if there is none that is current. */
    public String cache() {
        String folder = System.getProperty(CACHES_PROPERTY);
        return folder == null ? null : folder.concat("/ranks.aot");
    }

    /** Returns a text that changes when any of the jars does. */
    public String fingerprint() {
        StringBuilder text = new StringBuilder();
        for (String jar : jars) {
            File file = new File(jar);
            text.append(file.getName()).append(' ').append(file.length()).append(' ').append(file.lastModified()).append('\n');
        }
        return text.toString();
    }
}
