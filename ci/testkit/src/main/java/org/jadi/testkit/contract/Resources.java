package org.jadi.testkit.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What this process holds: for tests that nothing is left behind. */
final class Resources {
    private Resources() {}

    static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet();
    }

    /** Returns threads that are new since {@code before} and do not end within the time; the JDK's own are left out. */
    static Set<Thread> newThreadsAfter(Set<Thread> before, long patienceMs) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMs);
        for (Thread thread : newThreads(before)) {
            thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
        }
        return newThreads(before);
    }

    private static Set<Thread> newThreads(Set<Thread> before) {
        return threads().stream().filter(t -> !before.contains(t) && !ofTheJdk(t)).collect(Collectors.toSet());
    }

    private static boolean ofTheJdk(Thread thread) {
        ThreadGroup group = thread.getThreadGroup();
        String name = thread.getName();
        return group == null || group.getName().equals("InnocuousThreadGroup") || group.getName().equals("system")
                || name.startsWith("ForkJoinPool") || name.startsWith("surefire") || name.startsWith("jadi-time-limit");
    }

    /** Returns the number of open descriptors, or 0 where the system does not tell. */
    static int descriptors() throws IOException {
        Path folder = Path.of("/proc/self/fd");
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return (int) files.count();
        }
    }

    /** Returns the mappings of files below /dev/shm that belong to Jadi. */
    static Set<String> jadiMappings() throws IOException {
        Path maps = Path.of("/proc/self/maps");
        if (!Files.isReadable(maps)) {
            return Set.of();
        }
        try (Stream<String> lines = Files.lines(maps)) {
            return lines.filter(line -> line.contains("/dev/shm/jadi")).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** Returns files whose path names the job. */
    static Set<String> filesOf(String jobId) throws IOException {
        Set<String> found = new TreeSet<>();
        for (Path root : new Path[] {Path.of("/dev/shm"), Path.of(System.getProperty("java.io.tmpdir"))}) {
            if (!Files.isDirectory(root)) {
                continue;
            }
            try (Stream<Path> jadi = Files.list(root)) {
                for (Path path : (Iterable<Path>) jadi.filter(p -> p.getFileName().toString().startsWith("jadi"))::iterator) {
                    collect(path, jobId, found);
                }
            }
        }
        return found;
    }

    private static void collect(Path root, String jobId, Set<String> found) {
        try (Stream<Path> paths = Files.walk(root, 3)) {
            paths.map(Path::toString).filter(p -> p.contains(jobId)).forEach(found::add);
        } catch (IOException | java.io.UncheckedIOException e) {
            return; // another job's folder: gone meanwhile, or not ours to read
        }
    }
}
