package org.jadi.bench;

import org.jadi.mpi.Mpi;

/** {@code mpirun -np 2 bench latency [options]}: the programs, by name. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        String failure = null;
        try (Mpi mpi = Mpi.init(args)) {
            String[] own = mpi.args();
            Program program = null;
            Options options = null;
            try {
                program = program(own);
                options = Options.parse(own);
                if (mpi.world().size() % 2 != 0) {
                    throw new IllegalArgumentException("the number of ranks must be even");
                }
            } catch (IllegalArgumentException wrong) {
                failure = mpi.world().rank() == 0 ? "bench: " + wrong.getMessage() + "\n" + Options.USAGE : "";
            }
            if (failure == null && !run(new Session(mpi, options), program, options)) {
                failure = "bench: received data was wrong";
            }
        }
        if (failure != null) {
            if (!failure.isEmpty()) {
                System.err.println(failure);
            }
            System.exit(2);
        }
    }

    private static Program program(String[] args) {
        String name = args.length == 0 ? "" : args[0];
        return switch (name) {
            case "latency" -> new Latency();
            case "bandwidth" -> new Bandwidth();
            case "rate" -> new Rate();
            case "multipair" -> new MultiPair();
            default -> {
                Kernel kernel = Kernel.of(name);
                if (kernel == null) {
                    throw new IllegalArgumentException(name.isEmpty() ? "no program named" : "no program " + name);
                }
                yield new Times(kernel);
            }
        };
    }

    private static boolean run(Session session, Program program, Options options) {
        if (options.pin() && !Affinity.pin(session.rank())) {
            System.err.println("bench: rank " + session.rank() + " is not pinned");
        }
        if (session.rank() > 0) {
            session.follow();
            return true;
        }
        if (options.serve()) {
            Server.serve(session);
        } else {
            Report report = new Report(session, options);
            report.begin(program.name());
            program.run(report, options);
            session.stop();
            System.out.println("# " + session.checked());
        }
        return session.errors() == 0;
    }

}
