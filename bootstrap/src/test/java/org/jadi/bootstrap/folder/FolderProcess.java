package org.jadi.bootstrap.folder;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Another process of the same user, for tests; it ends when its standard input does, so it does not survive the test. */
final class FolderProcess {
    private static final String READY = "ready";

    private final Process process;
    private final BufferedReader out;

    private FolderProcess(Process process) {
        this.process = process;
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream()));
    }

    static FolderProcess start(String what, Path base, Object... more) throws IOException {
        List<String> words = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC", "-Xmx64m", "-cp", place(UserFolder.class) + File.pathSeparator + place(FolderProcess.class),
                FolderProcess.class.getName(), what, base.toString()));
        for (Object word : more) {
            words.add(word.toString());
        }
        return new FolderProcess(new ProcessBuilder(words).redirectErrorStream(true).start());
    }

    /** Waits until the process does what it shall. */
    FolderProcess awaitReady() throws IOException {
        String line = out.readLine();
        if (!READY.equals(line)) {
            throw new AssertionError("the other process says: " + line + "\n" + String.join("\n", out.lines().toList()));
        }
        return this;
    }

    /** Waits for the end of a process that ends by itself; returns what it says. */
    String await() throws Exception {
        String text = String.join("\n", out.lines().toList());
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new AssertionError("the other process failed: " + text);
        }
        return text;
    }

    /** Kills it, as nobody can prevent. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Path place(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the process does. */
    public static void main(String[] words) throws Exception {
        Path base = Path.of(words[1]);
        UserFolder user = UserFolder.below(base);
        switch (words[0]) {
            case "hold" -> {
                JobFolder hold = user.enter(words[2], Long.parseLong(words[3]));
                untilInputEnds();
                hold.close();
            }
            case "lock" -> {
                FileChannel.open(user.path().resolve(".sweep"), StandardOpenOption.WRITE).lock();
                untilInputEnds();
            }
            case "held" -> {
                try (JobFolder hold = JobFolder.hold(user.job(words[2]), 999)) {
                    System.out.println(hold.isHeld(Long.parseLong(words[3])));
                }
            }
            case "sweep" -> user.sweep();
            case "loop" -> loop(user, words[2], Integer.parseInt(words[3]), new Random(Long.parseLong(words[4])));
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    private static void untilInputEnds() throws IOException {
        System.out.println(READY);
        System.in.transferTo(java.io.OutputStream.nullOutputStream());
    }

    /** Enters and leaves; fails if what is in the folder of a living job does not stay there. */
    static void loop(UserFolder user, String name, int times, Random random) throws IOException {
        for (int i = 0; i < times; i++) {
            JobFolder hold = user.enter(name + "." + i, 0);
            Path file = Files.createFile(hold.path().resolve("data"));
            for (int turns = random.nextInt(4); turns > 0; turns--) {
                Thread.yield();
                if (random.nextInt(3) == 0) {
                    user.sweep();
                }
            }
            if (!Files.exists(file)) {
                throw new IOException("swept while it was held: " + file);
            }
            hold.close();
            // Now and then as if it were killed: others sweep it. The last one does not leave that to others.
            if (i == times - 1 || random.nextInt(8) != 0) {
                user.remove(hold.path());
                if (Files.exists(hold.path())) {
                    throw new IOException("still there: " + hold.path());
                }
            }
        }
    }
}
