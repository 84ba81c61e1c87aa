package org.jadi.properties;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Whether UCX is installed; tests of the device ucx are left out where it is not. Asks the system rather than loading the
 * library, which reads its settings then.
 */
final class UcxPresence {
    private UcxPresence() {}

    static boolean isInstalled() {
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
