package org.jadi.mpi.launch;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jadi.bootstrap.Bootstrap;

/**
 * Loads a rank's own copy of the program's classes, so that the statics of ranks in one JVM are apart. The JDK and Jadi's
 * library are shared. Thread-safe.
 */
public final class RankLoader extends URLClassLoader {
    private static final String[] SHARED = {"org.jadi.mpi.", "org.jadi.adi.", "org.jadi.bootstrap.", "org.jadi.device.",
            "org.jadi.scopes."};

    static {
        registerAsParallelCapable();
    }

    private final Bootstrap place;
    private final AtomicBoolean taken = new AtomicBoolean();

    RankLoader(URL[] classPath, ClassLoader parent, Bootstrap place) {
        super("rank-" + place.rank(), classPath, parent);
        this.place = place;
    }

    /** Returns the rank's place in its job, once; null from then on. */
    public Bootstrap takePlace() {
        return taken.compareAndSet(false, true) ? place : null;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (isShared(name)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> c = findLoadedClass(name);
            if (c == null) {
                try {
                    c = findClass(name);
                } catch (ClassNotFoundException e) {
                    // Not on the class path: the JDK's own.
                    return super.loadClass(name, resolve);
                }
            }
            if (resolve) {
                resolveClass(c);
            }
            return c;
        }
    }

    private static boolean isShared(String name) {
        for (String prefix : SHARED) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return name.startsWith("java.");
    }
}
