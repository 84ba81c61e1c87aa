package org.jadi.launcher.program;

import java.io.File;
import java.util.Arrays;

/** The unpacked or built Jadi that this launcher belongs to: {@code lib/} with what programs need on their class path. */
public final class Distribution {
    /** System property with the folder of the distribution, set by the {@code mpirun} script. */
    public static final String HOME_PROPERTY = "jadi.home";

    private final String[] jars;
    private final File archive;

    /** Looks at a distribution. */
    public Distribution(String home) {
        archive = new File(home, "lib/launcher/ranks.jsa");
        File[] files = new File(home, "lib").listFiles();
        int count = 0;
        String[] found = new String[files == null ? 0 : files.length];
        for (File file : files == null ? new File[0] : files) {
            if (file.getName().endsWith(".jar")) {
                found[count++] = file.getAbsolutePath();
            }
        }
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

    /** Returns whether a module is there, for example {@code jadi-bench}. */
    public boolean has(String artifact) {
        for (String jar : jars) {
            if (new File(jar).getName().startsWith(artifact)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the archive of the classes that every rank loads, or null if the build made none. */
    public String archive() {
        return archive.isFile() ? archive.getAbsolutePath() : null;
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
