import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jadi.mpi.Comm;
import org.jadi.mpi.Message;
import org.jadi.mpi.Mpi;

/**
 * Counts the words of every text file below a folder, and prints the twenty most frequent.
 *
 * <p>{@code ./mpirun -np 4 examples/WordCount.java /usr/share/common-licenses}
 *
 * <p>Rank 0 deals the files out: whoever is done asks for the next, so that large files hold nobody up. In the end the
 * ranks' counts are merged. With {@code --check} rank 0 counts everything once more by itself, and compares.
 */
// verify: --check /usr/share/common-licenses
public class WordCount {
    private static final int TAG_ASK = 1;
    private static final int TAG_FILE = 2;
    private static final int TAG_COUNTS = 3;
    private static final int MOST_FREQUENT = 20;

    public static void main(String[] args) {
        try (Mpi mpi = Mpi.init(args)) {
            boolean check = args.length == 2 && args[0].equals("--check");
            Path folder = args.length == (check ? 2 : 1) ? Path.of(args[args.length - 1]) : null;
            if (folder == null || !Files.isDirectory(folder)) {
                if (mpi.world().rank() == 0) {
                    System.err.println(folder == null ? "usage: WordCount [--check] FOLDER" : "not a folder: " + folder);
                    mpi.abort(2);
                }
                mpi.world().recv(new byte[0], 0, TAG_FILE); // until the job has ended
            }
            Map<String, Long> counts = count(mpi.world(), folder);
            if (counts != null) {
                print(counts);
                if (check) {
                    compare(counts, folder);
                }
            }
        }
    }

    /** Returns the counts of all files on rank 0, null on the others. */
    static Map<String, Long> count(Comm world, Path folder) {
        if (world.rank() != 0) {
            work(world);
            return null;
        }
        List<Path> files = files(folder);
        if (world.size() == 1) {
            return countAlone(files);
        }
        deal(world, files);
        return merge(world);
    }

    /** Rank 0: gives the next file to whoever asks for it; null when there is none left. */
    private static void deal(Comm world, List<Path> files) {
        int next = 0;
        int working = world.size() - 1;
        while (working > 0) {
            int worker = world.recv(new byte[0], Comm.ANY_SOURCE, TAG_ASK).source();
            boolean left = next < files.size();
            world.sendObject(left ? files.get(next).toString() : null, worker, TAG_FILE);
            if (left) {
                next++;
                progress(next, files.size());
            } else {
                working--;
            }
        }
    }

    /** The other ranks: ask, count, and hand in what they have in the end. */
    private static void work(Comm world) {
        HashMap<String, Long> counts = new HashMap<>();
        for (String file = ask(world); file != null; file = ask(world)) {
            countFile(Path.of(file), counts);
        }
        world.sendObject(counts, 0, TAG_COUNTS);
    }

    private static String ask(Comm world) {
        world.send(new byte[0], 0, TAG_ASK);
        return world.recvObject(0, TAG_FILE);
    }

    private static Map<String, Long> merge(Comm world) {
        Map<String, Long> all = new HashMap<>();
        for (int i = 1; i < world.size(); i++) {
            Message message = world.mprobe(Comm.ANY_SOURCE, TAG_COUNTS);
            Map<String, Long> part = message.recvObject();
            part.forEach((word, n) -> all.merge(word, n, Long::sum));
        }
        return all;
    }

    private static Map<String, Long> countAlone(List<Path> files) {
        Map<String, Long> counts = new HashMap<>();
        for (int i = 0; i < files.size(); i++) {
            countFile(files.get(i), counts);
            progress(i + 1, files.size());
        }
        return counts;
    }

    /** Adds the words of a text file: the runs of letters, in lower case. */
    private static void countFile(Path file, Map<String, Long> counts) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        for (byte b : bytes) {
            if (b == 0) {
                return; // not a text file
            }
        }
        String text = new String(bytes, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
        int begin = -1;
        for (int i = 0; i <= text.length(); i++) {
            boolean letter = i < text.length() && Character.isLetter(text.charAt(i));
            if (letter && begin < 0) {
                begin = i;
            } else if (!letter && begin >= 0) {
                counts.merge(text.substring(begin, i), 1L, Long::sum);
                begin = -1;
            }
        }
    }

    /** All files below a folder, the largest first: then no rank is left with a large one in the end. */
    private static List<Path> files(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(p -> Files.isRegularFile(p, LinkOption.NOFOLLOW_LINKS) && Files.isReadable(p))
                    .sorted(Comparator.comparingLong((Path p) -> p.toFile().length()).reversed()
                            .thenComparing(Comparator.naturalOrder())).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }

    private static long lastShownMs;

    /** Shows how far it is: on standard error, at most five times a second, and in the end. */
    private static void progress(int done, int all) {
        long now = System.nanoTime() / 1_000_000;
        if (done == all || now - lastShownMs >= 200) {
            lastShownMs = now;
            boolean terminal = System.console() != null && System.console().isTerminal();
            System.err.print((terminal ? "\r" : "") + "dealt " + done + " of " + all + " files" + (terminal && done < all ? "" : "\n"));
        }
    }

    private static void print(Map<String, Long> counts) {
        long words = counts.values().stream().mapToLong(Long::longValue).sum();
        System.out.println(words + " words, " + counts.size() + " different");
        counts.entrySet().stream().sorted(Map.Entry.<String, Long>comparingByValue().reversed()
                .thenComparing(Map.Entry.comparingByKey())).limit(MOST_FREQUENT)
                .forEach(e -> System.out.printf("%8d %s%n", e.getValue(), e.getKey()));
    }

    private static void compare(Map<String, Long> counts, Path folder) {
        Map<String, Long> alone = countAlone(files(folder));
        if (!alone.equals(counts) || counts.isEmpty()) {
            throw new AssertionError("a sequential count differs: words=" + alone.size() + " and " + counts.size());
        }
        System.out.println("a sequential count agrees");
    }
}
