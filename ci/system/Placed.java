import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jadi.mpi.Mpi;

/** Says on which CPUs this rank may run, how many its JVM sees, and where its progress thread is once that is decided. */
public class Placed {
    private static final String HELPER = "jadi-progress";

    public static void main(String[] args) throws Exception {
        CountDownLatch decided = new CountDownLatch(1);
        System.setErr(new PrintStream(System.err, true) {
            @Override
            public void println(String line) {
                super.println(line);
                if (line.contains(HELPER)) {
                    decided.countDown();
                }
            }
        });
        try (Mpi mpi = Mpi.init(args)) {
            String helper = "none";
            if (args.length > 0) {
                // Placed by a thread of its own, after the start, which says so with -v once it is done.
                helper = decided.await(60, TimeUnit.SECONDS) ? mask(HELPER) : "undecided";
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
