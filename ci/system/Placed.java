import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jadi.mpi.Mpi;

/** Says on which CPUs this rank may run, how many its JVM sees, and where its progress thread is once that is decided. */
public class Placed {
    public static void main(String[] args) throws Exception {
        try (Mpi mpi = Mpi.init(args)) {
            String helper = "none";
            if (args.length > 0) {
                // Placed by a thread of its own, after the start.
                long deadline = System.nanoTime() + 60_000_000_000L;
                do {
                    Thread.sleep(20);
                    helper = mask("jadi-progress");
                } while (!helper.equals(args[0]) && System.nanoTime() < deadline);
                Thread.sleep(1000); // It may have had that mask from the beginning, and the decision be still to come.
            }
            mpi.world().barrier();
            System.out.println("rank " + mpi.world().rank() + " cpus " + allowed(Path.of("/proc/self/status")) + " jvm "
                    + Runtime.getRuntime().availableProcessors() + " helper " + helper);
        }
    }

    private static String mask(String name) throws IOException {
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path task : tasks) {
                if (Files.readString(task.resolve("comm")).startsWith(name)) {
                    return allowed(task.resolve("status"));
                }
            }
        }
        return "none";
    }

    private static String allowed(Path status) throws IOException {
        return Files.readAllLines(status).stream().filter(l -> l.startsWith("Cpus_allowed_list:")).findFirst().orElseThrow().split("\\s+")[1];
    }
}
