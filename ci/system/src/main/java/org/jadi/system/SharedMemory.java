package org.jadi.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jadi.mpi.Comm;
import org.jadi.mpi.Mpi;

/**
 * How much shared memory ranks use over the shm device: a rank at its start, a pair that has exchanged messages of many sizes in both
 * directions, and pairs that have not. Rank 0 asks the kernel how many blocks each segment has; the files have lost their names, but
 * rank 0 has them open.
 */
public final class SharedMemory {
    private static final int TAG = 1;
    private static final int LARGEST = 8 << 20;
    private static final long MOST_OF_A_PAIR = 1 << 20;
    private static final long MOST_AT_START = 64 << 10;
    private static final int BLOCK_BYTES = 512;
    private static final Pattern SEGMENT = Pattern.compile("/rank-(\\d+)( \\(deleted\\))?$");

    private SharedMemory() {}

    /** Runs as one of four ranks; the exit code of the job tells. */
    public static void main(String[] args) throws Exception {
        List<String> failures = new ArrayList<>();
        try (Mpi mpi = Mpi.init(args)) {
            Comm world = mpi.world();
            // A receive that is posted opens the way back to its source, so ranks wait for files and not for messages.
            Path begin = Path.of(System.getenv("JADI_JOB_DIR"), "shared-memory-begin");
            Path end = begin.resolveSibling("shared-memory-end");
            if (world.rank() == 0) {
                check(world, begin, failures);
                Files.createFile(end);
            } else if (world.rank() == 1) {
                await(begin);
                exchange(world, 0);
            }
            await(end);
        }
        if (!failures.isEmpty()) {
            System.err.println(String.join("\n", failures));
            System.exit(1);
        }
    }

    private static void check(Comm world, Path begin, List<String> failures) throws IOException, InterruptedException {
        Map<Integer, Long> before = bytesByRank();
        Files.createFile(begin);
        exchange(world, 1);
        Map<Integer, Long> after = bytesByRank();
        if (before.size() != world.size()) {
            failures.add("segments of ranks " + before.keySet() + " found instead of " + world.size());
        }
        long pair = 0;
        for (Map.Entry<Integer, Long> segment : after.entrySet()) {
            int rank = segment.getKey();
            long start = before.getOrDefault(rank, 0L);
            long grown = segment.getValue() - start;
            System.out.println("segment of rank " + rank + ": " + start + " bytes at the start, " + grown + " more after 0 and 1 talked");
            if (start > MOST_AT_START) {
                failures.add("a rank that has not talked uses shared memory: rank=" + rank + " bytes=" + start);
            }
            if (rank > 1 && grown != 0) {
                failures.add("a pair that did not talk uses shared memory: rank=" + rank + " bytes=" + grown);
            }
            pair += grown;
        }
        System.out.println("pair 0-1: " + pair + " bytes");
        if (pair == 0 || pair > MOST_OF_A_PAIR) {
            failures.add("a pair that talks uses more than 1 MiB of shared memory, or none is seen: bytes=" + pair);
        }
        System.out.println(failures.isEmpty() ? "shared memory as demanded" : "too much shared memory");
    }

    private static void await(Path file) throws Exception {
        Check.until("there is " + file, () -> Files.exists(file));
    }

    /** Both directions, also at once, up to sizes that fill every ring. */
    private static void exchange(Comm world, int peer) {
        byte[] out = new byte[LARGEST];
        byte[] in = new byte[LARGEST];
        for (int size = 1; size <= LARGEST; size *= 8) {
            var sent = world.isend(out, 0, size, peer, TAG);
            world.recv(in, 0, size, peer, TAG);
            sent.await();
        }
        // Nobody measures before the other is done.
        world.sendrecv(new byte[1], peer, TAG, new byte[1], peer, TAG);
    }

    /** The memory behind each segment that this process has open. */
    private static Map<Integer, Long> bytesByRank() throws IOException, InterruptedException {
        Map<Integer, Long> bytes = new TreeMap<>();
        Path own = Path.of("/proc/" + ProcessHandle.current().pid() + "/fd");
        try (DirectoryStream<Path> files = Files.newDirectoryStream(own)) {
            for (Path file : files) {
                Matcher segment = SEGMENT.matcher(target(file));
                if (segment.find()) {
                    bytes.put(Integer.parseInt(segment.group(1)), blocks(file) * BLOCK_BYTES);
                }
            }
        }
        return bytes;
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException closed) {
            return "";
        }
    }

    private static long blocks(Path file) throws IOException, InterruptedException {
        Process stat = new ProcessBuilder("stat", "-L", "-c", "%b", file.toString()).redirectErrorStream(true).start();
        String text = new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        if (stat.waitFor() != 0) {
            throw new IOException(text);
        }
        return Long.parseLong(text);
    }
}
