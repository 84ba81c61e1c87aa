import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import org.jadi.bootstrap.Bootstrap;
import org.jadi.bootstrap.Bootstraps;

/** A rank that does what its first argument says, so that one compiled program serves all tests. */
public class Actor {
    public static void main(String[] args) throws Exception {
        Bootstrap b = Bootstraps.open();
        b.onLauncherLost(() -> Runtime.getRuntime().halt(99));
        b.onStateRequest(() -> "acting: " + args[0]);
        act(b, args);
        b.finish();
        b.close();
    }

    private static void act(Bootstrap b, String[] args) throws Exception {
        int chosen = args.length > 1 && args[1].matches("[0-9]+") ? Integer.parseInt(args[1]) : -1;
        switch (args[0]) {
            case "exchange" -> {
                b.put("from" + b.rank(), ("hello from " + b.rank()).getBytes());
                b.fence();
                System.out.println(b.rank() + " of " + b.size() + ": " + new String(b.get("from" + (b.rank() + 1) % b.size())));
            }
            case "exit" -> {
                b.fence();
                if (b.rank() == chosen) {
                    System.exit(Integer.parseInt(args[2]));
                }
                Thread.sleep(60_000);
            }
            case "leave" -> {
                b.fence();
                if (b.rank() == chosen) {
                    System.exit(0);
                }
                Thread.sleep(60_000);
            }
            case "abort" -> {
                b.fence();
                if (b.rank() == chosen) {
                    b.abort(Integer.parseInt(args[2]), "because of a test");
                    Runtime.getRuntime().halt(77);
                }
                Thread.sleep(60_000);
            }
            case "hang" -> {
                b.fence();
                System.out.println("hanging " + b.rank() + " pid " + ProcessHandle.current().pid() + " in "
                        + System.getenv("JADI_JOB_DIR"));
                Thread.sleep(60_000);
            }
            case "stubborn" -> {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    while (true) {
                        Thread.onSpinWait();
                    }
                }));
                System.out.println("hanging " + b.rank() + " pid " + ProcessHandle.current().pid() + " in "
                        + System.getenv("JADI_JOB_DIR"));
                Thread.sleep(60_000);
            }
            case "fences" -> {
                if (b.rank() == 0) {
                    System.out.println("hanging 0 pid 0 in " + System.getenv("JADI_ROOT"));
                }
                for (int i = 0; i < chosen; i++) {
                    b.put("round" + i + "of" + b.rank(), new byte[] {(byte) i});
                    b.fence();
                    for (int rank = 0; rank < b.size(); rank++) {
                        if (b.get("round" + i + "of" + rank)[0] != (byte) i) {
                            throw new IllegalStateException("wrong pair of rank " + rank + " in round " + i);
                        }
                    }
                }
            }
            case "input" -> {
                String line = new BufferedReader(new InputStreamReader(System.in)).readLine();
                System.out.println(b.rank() + " read " + line);
            }
            case "tell" -> System.out.println(b.rank() + " role=" + System.getenv("ROLE") + " here="
                    + Path.of("").toAbsolutePath() + " device=" + System.getenv("JADI_DEVICE"));
            case "flood" -> {
                String line = ("" + (char) ('a' + b.rank())).repeat(99);
                StringBuilder lines = new StringBuilder();
                for (int i = 0; i < 100; i++) {
                    lines.append(line).append('\n');
                }
                for (int i = 0; i < chosen; i++) {
                    System.out.print(lines);
                }
                System.out.print("end of " + b.rank());
            }
            default -> throw new IllegalArgumentException(args[0]);
        }
    }
}
