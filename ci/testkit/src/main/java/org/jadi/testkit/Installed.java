package org.jadi.testkit;

import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** What is installed on this machine, for tests that are left out without it. */
public final class Installed {
    private Installed() {}

    /** Returns whether a program is on PATH. */
    public static boolean hasProgram(String name) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator)).map(folder -> new File(folder, name))
                .anyMatch(File::canExecute);
    }

    /**
     * Returns whether the linker of this system knows a library. It is asked, rather than the library loaded, which would read
     * its settings then.
     *
     * @param soname with version, such as {@code libucp.so.0}
     */
    public static boolean hasLibrary(String soname) {
        String quoted = soname.replace(".", "[.]");
        try {
            Process p = new ProcessBuilder("sh", "-c", "PATH=$PATH:/sbin ldconfig -p | grep -q '\\b" + quoted + "\\b'").start();
            return p.waitFor(20, TimeUnit.SECONDS) && p.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
