package org.jadi.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jadi.mpi.Mpi;

/**
 * A program whose ranks wait for ever, until somebody ends them. Each makes a file, named by its process
 * id, in the folder that the variable ALIVE names, and says a line.
 */
public final class Waiting {
    private Waiting() {}

    /** Runs as a rank. */
    public static void main(String[] args) throws IOException {
        try (Mpi mpi = Mpi.init(args)) {
            mpi.world().barrier();
            String folder = System.getenv("ALIVE");
            if (folder != null) {
                Files.createFile(Path.of(folder, Long.toString(ProcessHandle.current().pid())));
            }
            System.out.println("rank " + mpi.world().rank() + " waits");
            mpi.self().recv(new int[1], 0, 0); // of nobody else, so that no loss of another ends it before the launcher does
        }
    }
}
