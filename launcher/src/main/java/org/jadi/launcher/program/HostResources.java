package org.jadi.launcher.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this host lets us use, control groups considered.
 *
 * @param cpus CPUs, 1 or more
 * @param memoryBytes bytes of memory, or 0 if unknown
 */
public record HostResources(int cpus, long memoryBytes) {
    private static final Path GROUPS = Path.of("/sys/fs/cgroup");

    /** Looks at this host. The JVM counts CPUs with quotas in mind; memory is read here, as no small API has it. */
    public static HostResources ofThisHost() {
        long memory = installedBytes();
        long limit = groupLimit();
        return new HostResources(Runtime.getRuntime().availableProcessors(),
                limit > 0 && (memory == 0 || limit < memory) ? limit : memory);
    }

    private static long installedBytes() {
        String text = read(Path.of("/proc/meminfo"));
        int start = text.indexOf("MemTotal:");
        if (start < 0) {
            return 0;
        }
        String rest = text.substring(start + "MemTotal:".length()).stripLeading();
        return number(rest.substring(0, Math.max(0, rest.indexOf(' ')))) << 10;
    }

    /** The smallest limit from our group up to the root, version 2 first, then version 1; 0 for none. */
    private static long groupLimit() {
        long least = 0;
        for (String line : read(Path.of("/proc/self/cgroup")).split("\n")) {
            int last = line.lastIndexOf(':');
            if (line.startsWith("0::")) {
                least = smaller(least, walk(GROUPS, line.substring(last + 1), "memory.max"));
            } else if (line.contains(":memory:")) {
                least = smaller(least, walk(GROUPS.resolve("memory"), line.substring(last + 1), "memory.limit_in_bytes"));
            }
        }
        return least;
    }

    private static long walk(Path root, String group, String file) {
        Path folder = root.resolve(group.startsWith("/") ? group.substring(1) : group);
        long least = 0;
        while (folder != null && folder.startsWith(root)) {
            least = smaller(least, number(read(folder.resolve(file)).strip()));
            folder = folder.getParent();
        }
        return least;
    }

    private static long smaller(long a, long b) {
        return a == 0 ? b : b == 0 ? a : Math.min(a, b);
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0; // "max", or no such file.
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
