package org.jadi.system;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** What is installed on this machine, as far as jobs can use it. */
final class Libraries {
    private Libraries() {}

    /** Returns whether libucp is installed; the stage "build" says so in one line if not. */
    static boolean hasUcx() {
        try {
            Process p = new ProcessBuilder("sh", "-c", "PATH=$PATH:/sbin ldconfig -p | grep -q 'libucp[.]so[.]0'").start();
            return p.waitFor(20, TimeUnit.SECONDS) && p.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
