package org.jadi.launcher.program;

import java.io.File;
import java.io.IOException;
import java.util.jar.JarFile;
import org.jadi.launcher.LauncherException;

/** Looks for a main class before ranks are started, so that its absence is told once and not by each of them. */
final class ClassLookup {
    private ClassLookup() {
    }

    /**
     * Returns if a class is there, or may be there where only the JVM can tell (wildcards, manifests with a Class-Path).
     *
     * @throws LauncherException if it is certainly not there
     */
    static void require(String name, String classPath, Distribution distribution) {
        String resource = name.replace('.', '/') + ".class";
        for (String entry : classPath.isEmpty() ? new String[0] : classPath.split(File.pathSeparator)) {
            if (mayHave(new File(entry.isEmpty() ? "." : entry), resource)) {
                return;
            }
        }
        for (String jar : distribution.jars()) {
            if (mayHave(new File(jar), resource)) {
                return;
            }
        }
        throw new LauncherException(LauncherException.NOT_FOUND, "class not found: " + name + (classPath.isEmpty()
                ? " is not among the jars of this Jadi" : " is not in class path " + classPath));
    }

    private static boolean mayHave(File entry, String resource) {
        if (entry.isDirectory()) {
            return new File(entry, resource).isFile();
        }
        if (entry.getName().equals("*")) {
            return true;
        }
        if (!entry.isFile()) {
            return false;
        }
        try (JarFile jar = new JarFile(entry)) {
            return jar.getEntry(resource) != null || jar.getManifest() != null
                    && jar.getManifest().getMainAttributes().getValue("Class-Path") != null;
        } catch (IOException e) {
            return false;
        }
    }
}
