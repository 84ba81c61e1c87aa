package org.jadi.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A resident job: runs slices that a coordinator asks for on standard input. Answers start with "@ ", so that whatever else
 * reaches standard output does no harm.
 *
 * <pre>
 * warm KERNEL SIZE SECONDS ITERATIONS TARGET   @ warm KERNEL SIZE ITERATIONS_FOR_TARGET_SECONDS WRONG_BYTES
 * run KERNEL SIZE ITERATIONS                   @ slice KERNEL SIZE ITERATIONS MESSAGES NANOS WRONG_BYTES
 * loop SIZE                                    @ loop SIZE NANOS
 * quit
 * </pre>
 */
final class Server {

    private Server() {}

    static void serve(Session session) {
        System.out.println("@ ready " + session.ranks());
        try {
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
            for (String line = in.readLine(); line != null && !line.equals("quit"); line = in.readLine()) {
                System.out.println("@ " + answer(session, line));
                System.out.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        session.stop();
    }

    private static String answer(Session session, String line) {
        String[] words = line.split(" ");
        try {
            return switch (words[0]) {
                case "warm" -> warm(session, words);
                case "run" -> run(session, words);
                case "loop" -> {
                    int size = size(session, Kernel.LATENCY, words[1]);
                    yield "loop " + size + " " + String.format(Locale.ROOT, "%.3f", session.loopCost(size));
                }
                default -> "bad " + line;
            };
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException wrong) {
            return "bad " + line;
        }
    }

    private static String warm(Session session, String[] words) {
        Kernel kernel = kernel(words[1]);
        int size = size(session, kernel, words[2]);
        double seconds = Double.parseDouble(words[3]);
        long calibrated = session.warmUp(
                kernel, size, seconds, Long.parseLong(words[4]), Double.parseDouble(words[5]));
        return "warm " + words[1] + " " + size + " " + calibrated + " " + session.errors();
    }

    private static String run(Session session, String[] words) {
        Kernel kernel = kernel(words[1]);
        int size = size(session, kernel, words[2]);
        long iterations = Long.parseLong(words[3]);
        Session.Outcome outcome = session.lead(kernel, size, iterations, iterations > 4 ? 1 + iterations / 10 : 0);
        return "slice " + words[1] + " " + size + " " + iterations + " " + session.messages(kernel, size, iterations)
                + " " + outcome.nanos() + " " + outcome.errors();
    }

    private static Kernel kernel(String name) {
        Kernel kernel = Kernel.of(name);
        if (kernel == null) {
            throw new IllegalArgumentException(name);
        }
        return kernel;
    }

    private static int size(Session session, Kernel kernel, String text) {
        int size = Integer.parseInt(text);
        if (!kernel.fits(session.ranks(), size)) {
            throw new IllegalArgumentException(text);
        }
        return size;
    }
}
