package org.jadi.system;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jadi.mpi.Comm;
import org.jadi.mpi.IntraComm;
import org.jadi.mpi.Mpi;
import org.jadi.mpi.Request;

/**
 * Runs every behaviour on the world, on communicators made of it, and on the communicator of each rank alone; prints a line for each. The exit code is 0
 * if all are as demanded. Arguments: parts of the names of those to be run; none for all.
 *
 * <p>{@code ./mpirun -np 3 --device tcp -cp ... org.jadi.system.Behaviours}
 */
public final class Behaviours {
    private static final int LIMIT_SECONDS = 60;
    private static final int TAG_DONE = 1_000_000;

    private Behaviours() {}

    /** Entry of the program. */
    public static void main(String[] args) {
        try (Mpi mpi = Mpi.init(args)) {
            List<Behaviour> chosen = all().stream().filter(b -> isChosen(b, args)).toList();
            for (Behaviour b : chosen) {
                runTimed(mpi, b);
            }
            if (mpi.world().rank() == 0) {
                System.out.println(chosen.size() + " behaviours as demanded on " + mpi.world().size() + " ranks");
            }
        }
    }

    /** Returns all behaviours. */
    static List<Behaviour> all() {
        List<Behaviour> all = new ArrayList<>();
        all.addAll(MessageBehaviours.ALL);
        all.addAll(BufferBehaviours.ALL);
        all.addAll(ProbeBehaviours.ALL);
        all.addAll(RequestBehaviours.ALL);
        all.addAll(PersistentBehaviours.ALL);
        all.addAll(BufferedBehaviours.ALL);
        all.addAll(ObjectBehaviours.ALL);
        all.addAll(ErrorBehaviours.ALL);
        all.addAll(ThreadBehaviours.ALL);
        all.addAll(DatatypeBehaviours.ALL);
        all.addAll(CommBehaviours.ALL);
        all.addAll(TopologyBehaviours.ALL);
        all.addAll(CollectiveBehaviours.ALL);
        all.addAll(PartitionedBehaviours.ALL);
        all.addAll(GeneralizedBehaviours.ALL);
        all.addAll(RowsBehaviours.ALL);
        all.addAll(NamedCollectives.ALL);
        return all;
    }

    private static boolean isChosen(Behaviour b, String[] parts) {
        boolean chosen = parts.length == 0;
        for (String part : parts) {
            chosen |= b.name().contains(part);
        }
        return chosen;
    }

    private static void runTimed(Mpi mpi, Behaviour b) {
        IntraComm world = mpi.world();
        Thread watch = watch(mpi, b);
        long begin = System.nanoTime();
        try {
            run(mpi, b);
        } catch (Throwable e) {
            System.out.println("FAIL " + b.name() + " on rank " + world.rank());
            throw new AssertionError(b.name() + " on rank " + world.rank() + ": " + e, e);
        }
        allDone(world);
        watch.interrupt();
        if (world.rank() == 0) {
            System.out.println("ok   " + b.name() + " (" + (System.nanoTime() - begin) / 1_000_000 + " ms)");
        }
    }

    /** Runs a behaviour on the world, with its ranks reversed, on its odd and even ranks, and on this rank alone. */
    static void run(Mpi mpi, Behaviour b) throws Exception {
        IntraComm world = mpi.world();
        b.body().run(mpi, world);
        world.barrier();
        if (world.size() > 1) {
            IntraComm reversed = world.split(0, -world.rank());
            b.body().run(mpi, reversed);
            reversed.barrier();
            IntraComm half = reversed.split(world.rank() % 2, 0);
            b.body().run(mpi, half);
            half.free();
            reversed.free();
        }
        b.body().run(mpi, mpi.self());
        Check.that(mpi.world().iprobe(Comm.ANY_SOURCE, Comm.ANY_TAG).isEmpty(), "a message was left over");
        mpi.world().barrier();
    }

    /** Every rank tells rank 0, and nothing of the behaviour's is in the way. */
    private static void allDone(IntraComm world) {
        if (world.rank() != 0) {
            world.send(new byte[0], 0, TAG_DONE);
            return;
        }
        Request[] all = new Request[world.size()];
        for (int r = 1; r < all.length; r++) {
            all[r] = world.irecv(new byte[0], r, TAG_DONE);
        }
        Request.awaitAll(all);
    }

    private static Thread watch(Mpi mpi, Behaviour b) {
        return Thread.ofPlatform().daemon().name("watch-" + b.name()).start(() -> {
            try {
                Thread.sleep(LIMIT_SECONDS * 1000L);
            } catch (InterruptedException e) {
                return;
            }
            StringBuilder s = new StringBuilder("FAIL " + b.name() + " on rank " + mpi.world().rank() + ": not done after "
                    + LIMIT_SECONDS + " s\n");
            for (Map.Entry<Thread, StackTraceElement[]> e : Thread.getAllStackTraces().entrySet()) {
                s.append('"').append(e.getKey().getName()).append("\"\n");
                for (StackTraceElement frame : e.getValue()) {
                    s.append("    at ").append(frame).append('\n');
                }
            }
            System.out.print(s);
            System.out.flush();
            mpi.abort(1);
        });
    }
}
