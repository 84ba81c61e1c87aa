package org.jadi.mpi;

import java.util.Arrays;

/**
 * Communicators of groups, without a communicator that they are made from. SPEC: MPI 4.1 §7.4.2, §7.6.2. The processes
 * find each other by a context of their own in the communicator of the job, and by a tag that is a hash of the text: two
 * texts meet only if they are in use at the same time, by the same processes, and have the same 31 bits.
 */
final class FromGroups {
    private FromGroups() {}

    static IntraComm create(IntraComm world, Group group, String tag, Info hints, Errhandler handler) {
        return guarded(handler, world, () -> {
            check(world, group, tag, hints, "createFromGroup");
            IntraComm made = CommCreation.create(world, group, Contexts.FROM_GROUP, hash(tag), "createFromGroup");
            return begun(made, hints, handler);
        });
    }

    static InterComm createInter(IntraComm world, Group local, int localLeader, Group remote, int remoteLeader, String tag,
            Info hints, Errhandler handler) {
        return guarded(handler, world, () -> {
            String call = "createInterFromGroups";
            check(world, local, tag, hints, call);
            checkLeaders(local, localLeader, remote, remoteLeader);
            IntraComm near = CommCreation.create(world, local, Contexts.FROM_GROUP, hash(tag), call);
            int far = world.seed.local().ranksOf(remote.world())[remoteLeader];
            try {
                return begun(near.createInter(localLeader, world, far, hash(tag)), hints, handler);
            } finally {
                near.free();
            }
        });
    }

    private static <C extends Comm> C begun(C comm, Info hints, Errhandler handler) {
        comm.beginWith(hints.dup());
        comm.setErrhandler(handler);
        return comm;
    }

    private interface Making<C> {
        C make();
    }

    /** Errors of the call belong to no communicator, so the new one's handler is told of them, with the world. */
    private static <C extends Comm> C guarded(Errhandler handler, IntraComm world, Making<C> making) {
        if (handler == null) {
            throw new MpiException(ErrorClass.ARG, "createFromGroup: the error handler is null");
        }
        try {
            return making.make();
        } catch (MpiException e) {
            handler.handle(world, e);
            throw e;
        }
    }

    private static void check(IntraComm world, Group group, String tag, Info hints, String call) {
        world.seed.instance().checkOpen(call);
        if (tag == null || hints == null) {
            throw new MpiException(tag == null ? ErrorClass.ARG : ErrorClass.INFO, call + ": the "
                    + (tag == null ? "tag" : "info") + " is null");
        }
        if (group == null || Arrays.stream(group.world()).noneMatch(w -> w == world.seed.instance().engine.rank())) {
            throw new MpiException(ErrorClass.GROUP, call + ": the group is null, or this process is not in it: " + group);
        }
    }

    private static void checkLeaders(Group local, int localLeader, Group remote, int remoteLeader) {
        if (remote == null || remote.size() == 0 || local.intersection(remote).size() > 0) {
            throw new MpiException(ErrorClass.GROUP, "createInterFromGroups: the remote group is null, empty, or has processes"
                    + " of the local one: " + remote);
        }
        if (localLeader < 0 || localLeader >= local.size() || remoteLeader < 0 || remoteLeader >= remote.size()) {
            throw new MpiException(ErrorClass.RANK, "createInterFromGroups: leaders are ranks of their groups: localLeader="
                    + localLeader + " remoteLeader=" + remoteLeader);
        }
    }

    private static int hash(String tag) {
        int h = tag.hashCode() * 0x9E37_79B1;
        return (h ^ h >>> 15) & Integer.MAX_VALUE;
    }
}
