package org.jadi.launcher.program;

import java.io.File;
import java.util.List;

/**
 * Tells whether a cache of classes may be used on this host. A JVM does not see that a jar has changed since its cache was made;
 * beside the cache lie empty files with the times of the jars and of the JDK. On the host of mpirun the script has compared
 * them, on others nobody has.
 */
public final class Caches {
    private static final String TIMES = "times";

    private Caches() {
    }

    /**
     * Returns whether a cache was made from what is there.
     *
     * @param cache the cache
     * @param java the java that would use it
     * @param jars the jars of Jadi on the class path
     */
    public static boolean areCurrent(String cache, String java, List<String> jars) {
        File times = new File(new File(cache).getParentFile(), TIMES);
        File jdk = new File(java).getParentFile();
        boolean current = new File(cache).isFile() && jdk != null && same(times, new File(jdk.getParentFile(), "release"));
        for (String jar : jars) {
            File file = new File(jar);
            current &= !file.getName().startsWith("jadi-") || same(times, file);
        }
        return current;
    }

    private static boolean same(File times, File file) {
        File time = new File(times, file.getName());
        return time.isFile() && file.lastModified() == time.lastModified();
    }
}
