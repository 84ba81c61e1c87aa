package org.jadi.mpi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jadi.adi.request.Failure;

/** How communicators of two groups come about, and end in one. SPEC: MPI 4.1 §7.4.2, §7.6.2. */
final class InterCreation {
    private InterCreation() {}

    /** Our two numbers: for messages between the groups, and for those within our group. Counts as none if one is missing. */
    private record Numbers(Contexts contexts, int between, int within) {
        static Numbers take(Comm comm) {
            Contexts contexts = comm.seed.instance().contexts;
            return new Numbers(contexts, contexts.take(), contexts.take());
        }

        void giveBack() {
            if (between >= 0) {
                contexts.give(between);
            }
            if (within >= 0) {
                contexts.give(within);
            }
        }
    }

    /** A column of blocks. */
    private static int[] column(long[] blocks, int width, int column) {
        return IntStream.range(0, blocks.length / width).map(i -> (int) blocks[width * i + column]).toArray();
    }

    private static int[] picked(int[] values, int[] places) {
        return Arrays.stream(places).map(p -> values[p]).toArray();
    }

    // ------------------------------------------------------------------- create

    static InterComm create(IntraComm local, int localLeader, Comm peer, int remoteLeader, int tag) {
        Transfer t = local.transfer;
        t.checkUsable("createInter");
        if (localLeader < 0 || localLeader >= local.size()) {
            throw t.error(ErrorClass.RANK, "createInter", "the local leader is a rank here: localLeader=" + localLeader, null);
        }
        boolean leads = local.rank() == localLeader;
        MpiException wrong = leads ? wrongLink(local, peer, remoteLeader, tag) : null;
        TwoSides.Link link = !leads || wrong != null ? null
                : new TwoSides.Link(peer.internal(Contexts.LEADERS), remoteLeader, tag);
        Numbers numbers = Numbers.take(local);
        TwoSides sides = new TwoSides(local, localLeader, link, "createInter", numbers.between(), numbers.within(),
                local.seed.local().toWorld(local.rank()));
        run(sides, t, numbers, wrong);
        int[] farWorld = column(sides.far(), 3, 2);
        if (Arrays.stream(farWorld).anyMatch(w -> local.seed.local().rankOf(w) >= 0)) {
            numbers.giveBack();
            throw t.error(ErrorClass.COMM, "createInter", "the groups have processes in common", null);
        }
        Members near = Members.of(local.size(), local.seed.local().worldRanks(), column(sides.near(), 3, 1));
        Members far = Members.of(farWorld.length, farWorld, column(sides.far(), 3, 0));
        return built(local, "inter-communicator of " + local.label(), numbers, local.rank(), near, far);
    }

    private static MpiException wrongLink(IntraComm local, Comm peer, int remoteLeader, int tag) {
        String facts = "remoteLeader=" + remoteLeader + " tag=" + tag + " peer=" + peer;
        if (peer == null || peer.isFreed()) {
            return local.transfer.error(ErrorClass.COMM, "createInter", "the peer communicator is null, or was freed", null);
        }
        if (remoteLeader < 0 || remoteLeader >= peer.seed.peers().size) {
            return local.transfer.error(ErrorClass.RANK, "createInter", "the remote leader is a rank of the peer communicator: "
                    + facts, null);
        }
        return tag < 0 ? local.transfer.error(ErrorClass.TAG, "createInter", "the tag is 0 or more: " + facts, null) : null;
    }

    /** Runs an exchange, and checks that everybody on both sides has numbers. */
    private static void run(TwoSides sides, Transfer t, Numbers numbers, MpiException wrong) {
        try {
            sides.run(t);
        } catch (MpiException e) {
            numbers.giveBack();
            throw wrong == null ? e : wrong;
        }
    }

    private static InterComm built(Comm parent, String label, Numbers numbers, int rank, Members near, Members far) {
        int[] all = joined(numbers(near), numbers(far));
        if (Arrays.stream(all).anyMatch(n -> n < 0)) {
            numbers.giveBack();
            throw parent.transfer.error(ErrorClass.OTHER, label, Numbering.noneLeft().message(), null);
        }
        numbers.contexts().catchUp(Arrays.stream(all).max().getAsInt());
        Instance instance = parent.seed.instance();
        IntraComm within = new IntraComm(new CommSeed(instance, parent, "local group of " + label, numbers.within(), rank, near));
        return new InterComm(new CommSeed(instance, parent, label, numbers.between(), rank, near, far), within);
    }

    private static int[] numbers(Members members) {
        return IntStream.range(0, members.size).map(members::numberOf).toArray();
    }

    // ---------------------------------------------------------------- duplicate

    static ObjectRequest<InterComm> idup(InterComm comm, Info hints, String operation) {
        comm.transfer.checkUsable(operation);
        if (hints == null) {
            throw comm.transfer.error(ErrorClass.INFO, operation, "the info is null", null);
        }
        Info begin = hints.dup();
        List<Attributes.Copied<Comm, ?>> attributes = new ArrayList<>();
        comm.transfer.guarded(() -> attributes.addAll(comm.attributes.copies()));
        Numbers numbers = Numbers.take(comm);
        TwoSides sides = sides(comm, operation, numbers.between(), numbers.within());
        AtomicReference<InterComm> made = new AtomicReference<>();
        org.jadi.adi.request.Request done = new org.jadi.adi.request.Request();
        done.peer = org.jadi.adi.request.Request.ANY;
        done.operation = operation;
        comm.hold();
        sides.start(failure -> {
            Failure end = failure;
            try {
                if (failure == null) {
                    made.set(duplicate(comm, numbers, sides));
                    made.get().beginWith(begin);
                    attributes.forEach(a -> a.attach(made.get().attributes));
                } else {
                    numbers.giveBack();
                }
            } catch (MpiException e) {
                end = new Failure(Failure.Kind.REFUSED, e.getMessage());
            }
            comm.release();
            Rounds.finish(done, end);
        });
        return new ObjectRequest<>(comm.transfer, done, Status.EMPTY, made::get);
    }

    private static InterComm duplicate(InterComm comm, Numbers numbers, TwoSides sides) {
        Members near = Members.of(comm.size(), comm.seed.local().worldRanks(), column(sides.near(), 2, 1));
        Members far = Members.of(comm.remoteSize(), comm.seed.peers().worldRanks(), column(sides.far(), 2, 0));
        return built(comm, "dup of " + comm.label(), numbers, comm.rank(), near, far);
    }

    /** An exchange over both groups of a communicator; their ranks 0 are the leaders. */
    private static TwoSides sides(InterComm comm, String operation, long... block) {
        TwoSides.Link link = comm.rank() != 0 ? null
                : new TwoSides.Link(comm.internal(Contexts.MANAGE), 0, comm.nextTag());
        return new TwoSides(comm.within(), 0, link, operation, block);
    }

    // -------------------------------------------------------------------- split

    static InterComm split(InterComm comm, int color, int key, String operation) {
        comm.transfer.checkUsable(operation);
        if (color < 0 && color != Comm.UNDEFINED) {
            throw comm.transfer.error(ErrorClass.ARG, operation, "a color is 0 or more, or UNDEFINED: color=" + color, null);
        }
        Numbers numbers = Numbers.take(comm);
        TwoSides sides = sides(comm, operation, numbers.between(), numbers.within(), color, key);
        run(sides, comm.transfer, numbers, null);
        int[] near = ofColor(sides.near(), color);
        int[] far = ofColor(sides.far(), color);
        if (color == Comm.UNDEFINED || far.length == 0) {
            numbers.giveBack();
            return null;
        }
        Members local = Members.of(near.length, comm.seed.local().worldRanks(near), picked(column(sides.near(), 4, 1), near));
        Members remote = Members.of(far.length, comm.seed.peers().worldRanks(far), picked(column(sides.far(), 4, 0), far));
        return built(comm, operation + " of " + comm.label(), numbers, CommCreation.placeOf(comm.rank(), near), local, remote);
    }

    /** Returns the ranks of a color, by key; equal keys keep their order. */
    private static int[] ofColor(long[] blocks, int color) {
        return IntStream.range(0, blocks.length / 4).filter(r -> blocks[4 * r + 2] == color).boxed()
                .sorted((a, b) -> Long.compare(blocks[4 * a + 3], blocks[4 * b + 3])).mapToInt(Integer::intValue).toArray();
    }

    // -------------------------------------------------------------------- merge

    static IntraComm merge(InterComm comm, boolean high) {
        comm.transfer.checkUsable("merge");
        Contexts contexts = comm.seed.instance().contexts;
        int own = contexts.take();
        TwoSides sides = sides(comm, "merge", own, high ? 1 : 0);
        try {
            sides.run(comm.transfer);
        } catch (MpiException e) {
            if (own >= 0) {
                contexts.give(own);
            }
            throw e;
        }
        Members near = comm.seed.local();
        Members far = comm.seed.peers();
        // Both sides say the same, or differ: then the processes of rank 0 decide, which both sides know.
        long difference = sides.near()[1] - sides.far()[1];
        boolean first = difference != 0 ? difference < 0 : near.toWorld(0) < far.toWorld(0);
        int[] numbers = first ? joined(column(sides.near(), 2, 0), column(sides.far(), 2, 0))
                : joined(column(sides.far(), 2, 0), column(sides.near(), 2, 0));
        CommCreation.settle(comm, own, numbers, "merge");
        int[] world = first ? joined(near.worldRanks(), far.worldRanks()) : joined(far.worldRanks(), near.worldRanks());
        return new IntraComm(new CommSeed(comm.seed.instance(), comm, "merge of " + comm.label(), own,
                first ? comm.rank() : far.size + comm.rank(), Members.of(world.length, world, numbers)));
    }

    private static int[] joined(int[] a, int[] b) {
        return IntStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
    }
}
