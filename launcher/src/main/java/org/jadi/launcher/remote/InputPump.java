package org.jadi.launcher.remote;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Carries mpirun's standard input to rank 0 on another host, no further ahead than a window. A terminal is read in the
 * foreground only: the kernel would stop a background job that tries.
 */
final class InputPump {
    private static final long WINDOW_BYTES = 1 << 16;
    private static final int CHUNK_BYTES = 1 << 13;
    private static final long BACKGROUND_PAUSE_MILLIS = 500;
    private static final int GROUP_FIELD = 2;
    private static final int FOREGROUND_FIELD = 5;

    private final Consumer<byte[]> rank;
    private final Window window = new Window(WINDOW_BYTES);

    /** Creates a pump; no bytes are the end of the input. */
    InputPump(Consumer<byte[]> rank) {
        this.rank = rank;
    }

    /** Begins to read. */
    void start() {
        Thread thread = new Thread(this::run, "jadi-input");
        thread.setDaemon(true);
        thread.start();
    }

    /** Rank 0 has taken so many bytes. */
    void taken(long bytes) {
        window.give(bytes);
    }

    private void run() {
        FileInputStream in = new FileInputStream(FileDescriptor.in);
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            while (true) {
                window.take(0);
                while (isBackground()) {
                    Thread.sleep(BACKGROUND_PAUSE_MILLIS);
                }
                int count = in.read(chunk);
                if (count < 0) {
                    break;
                }
                window.take(count);
                rank.accept(Arrays.copyOf(chunk, count));
            }
        } catch (IOException e) {
            // As good as the end.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        rank.accept(new byte[0]);
    }

    private static boolean isBackground() {
        try {
            if (!Files.readSymbolicLink(Path.of("/proc/self/fd/0")).toString().matches("/dev/(tty|pts/).*")) {
                return false;
            }
            String stat = Files.readString(Path.of("/proc/self/stat"), StandardCharsets.ISO_8859_1);
            // After the name, which may hold anything: state, parent, group, session, terminal, its foreground group.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return !fields[GROUP_FIELD].equals(fields[FOREGROUND_FIELD]);
        } catch (IOException e) {
            return false; // Closed, or not Linux.
        }
    }
}
