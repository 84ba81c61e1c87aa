package org.jadi.mpi;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/** How communicators of one group come about. SPEC: MPI 4.1 §7.4.2. */
final class CommCreation {
    private CommCreation() {}

    static IntraComm dup(IntraComm comm, Info hints) {
        return idup(comm, hints, "dup").awaitValue();
    }

    static ObjectRequest<IntraComm> idup(IntraComm comm, Info hints, String operation) {
        comm.transfer.checkUsable(operation);
        if (hints == null) {
            throw comm.transfer.error(ErrorClass.INFO, operation, "the info is null", null);
        }
        Info begin = hints.dup();
        List<Attributes.Copied<Comm, ?>> attributes = copies(comm);
        Numbering numbering = new Numbering(comm.internal(Contexts.MANAGE), null, comm.rank(), comm.nextTag(), operation);
        AtomicReference<IntraComm> made = new AtomicReference<>();
        org.jadi.adi.request.Request done = new org.jadi.adi.request.Request();
        done.peer = org.jadi.adi.request.Request.ANY;
        done.operation = operation;
        comm.hold();
        numbering.start(failure -> {
            if (failure == null) {
                Members members = comm.seed.local().renumbered(numbering.own(), numbering.all());
                IntraComm copy = comm.like(new CommSeed(comm.seed.instance(), comm, "dup of " + comm.label(),
                        numbering.own(), comm.rank(), members));
                copy.beginWith(begin);
                attributes.forEach(a -> a.attach(copy.attributes));
                made.set(copy);
            }
            comm.release();
            Rounds.finish(done, failure);
        });
        return new ObjectRequest<>(comm.transfer, done, Status.EMPTY, made::get);
    }

    private static List<Attributes.Copied<Comm, ?>> copies(IntraComm comm) {
        AtomicReference<List<Attributes.Copied<Comm, ?>>> copies = new AtomicReference<>();
        comm.transfer.guarded(() -> copies.set(comm.attributes.copies()));
        return copies.get();
    }

    static IntraComm create(IntraComm comm, Group group, int kind, int tag, String operation) {
        comm.transfer.checkUsable(operation);
        int[] ranks = group == null ? null : comm.seed.local().ranksOf(group.world());
        if (ranks == null) {
            throw comm.transfer.error(ErrorClass.GROUP, operation, "the group is null, or not part of the communicator's: "
                    + group, null);
        }
        int me = placeOf(comm.rank(), ranks);
        if (me < 0) {
            return null;
        }
        CommSeed seed = seed(comm, ranks, me, kind, tag, operation, operation + " from " + comm.label());
        return new IntraComm(seed);
    }

    /** Agrees among some ranks of a communicator on a new one. */
    static CommSeed seed(IntraComm comm, int[] ranks, int me, int kind, int tag, String operation, String label) {
        Numbering numbering = new Numbering(comm.internal(kind), ranks, me, tag, operation);
        numbering.run();
        int[] numbers = numbering.all();
        if (numbers == null) {
            numbers = new int[ranks.length];
            Arrays.fill(numbers, numbering.own());
        }
        Members members = Members.of(ranks.length, comm.seed.local().worldRanks(ranks), numbers);
        return new CommSeed(comm.seed.instance(), comm, label, numbering.own(), me, members);
    }

    static IntraComm split(IntraComm comm, int color, int key) {
        comm.transfer.checkUsable("split");
        if (color < 0 && color != Comm.UNDEFINED) {
            throw comm.transfer.error(ErrorClass.ARG, "split", "a color is 0 or more, or UNDEFINED: color=" + color, null);
        }
        CommSeed seed = split(comm, color, key, "split");
        return seed == null ? null : new IntraComm(seed);
    }

    /** Divides the ranks by color and key; returns what our communicator is made of, or null for UNDEFINED. */
    static CommSeed split(IntraComm comm, int color, int key, String operation) {
        int own = color == Comm.UNDEFINED ? 0 : comm.seed.instance().contexts.take();
        Rounds.Gather gather = new Rounds.Gather(comm.internal(Contexts.MANAGE), null, comm.rank(), comm.nextTag(), operation,
                (long) color << 32 | own & 0xFFFF_FFFFL, key);
        gather.run();
        if (color == Comm.UNDEFINED) {
            return null;
        }
        long[] all = gather.result();
        int[] ranks = IntStream.range(0, comm.size()).filter(r -> (int) (all[2 * r] >> 32) == color).boxed()
                .sorted(Comparator.comparingLong(r -> all[2 * r + 1])) // stable: equal keys keep their order
                .mapToInt(Integer::intValue).toArray();
        int[] numbers = Arrays.stream(ranks).map(r -> (int) all[2 * r]).toArray();
        settle(comm, own, numbers, operation);
        Members members = Members.of(ranks.length, comm.seed.local().worldRanks(ranks), numbers);
        return new CommSeed(comm.seed.instance(), comm, operation + " of " + comm.label() + ", color " + color, own,
                placeOf(comm.rank(), ranks), members);
    }

    /** Checks that every member has a number, and makes the next ones equal again. */
    static void settle(Comm comm, int own, int[] numbers, String operation) {
        Contexts contexts = comm.seed.instance().contexts;
        if (Arrays.stream(numbers).anyMatch(n -> n < 0)) {
            if (own >= 0) {
                contexts.give(own);
            }
            throw comm.transfer.error(ErrorClass.OTHER, operation, Numbering.noneLeft().message(), null);
        }
        contexts.catchUp(Arrays.stream(numbers).max().orElse(own));
    }

    /** Returns where a rank is among others, or -1. */
    static int placeOf(int rank, int[] ranks) {
        for (int i = 0; i < ranks.length; i++) {
            if (ranks[i] == rank) {
                return i;
            }
        }
        return -1;
    }
}
