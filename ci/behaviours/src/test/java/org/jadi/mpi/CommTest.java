package org.jadi.mpi;

import static org.jadi.mpi.GroupTest.assertClass;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.jadi.junit.MpiTest;
import org.jadi.mpi.Group.Range;

/** Behaviours of communicators with one group: comm_idup_*, cmsplit2, cmsplit_type, comm_create_group, inactive_reqs. */
class CommTest {
    @MpiTest(ranks = {1, 2, 3, 4, 5, 7, 8})
    void dupHasTheSameGroupAndMessagesOfItsOwn(IntraComm world) {
        IntraComm dup = world.dup();
        assertEquals(Comparison.CONGRUENT, world.compare(dup));
        assertEquals(Comparison.IDENT, dup.compare(dup));
        assertEquals("", dup.name());
        int right = (world.rank() + 1) % world.size();
        // The message in dup is sent first, and must not be found by the wildcard in world.
        int[] inWorld = new int[1];
        Request any = world.irecv(inWorld, Comm.ANY_SOURCE, Comm.ANY_TAG);
        Request a = dup.isend(new int[] {1}, right, 7);
        Request b = world.isend(new int[] {2}, right, 7);
        any.await();
        int[] inDup = new int[1];
        dup.recv(inDup, Comm.ANY_SOURCE, Comm.ANY_TAG);
        Request.awaitAll(a, b);
        assertEquals(2, inWorld[0]);
        assertEquals(1, inDup[0]);
        ring(dup);
        dup.free();
    }

    /** Ranks know the communicator by different numbers, and a sender writes the receiver's. */
    @MpiTest(ranks = {2, 3}, timeoutSeconds = 20)
    void everyKindOfSendFindsAReceiverWithAnotherNumber(Mpi mpi) {
        IntraComm world = mpi.world();
        IntraComm own = world.rank() == 0 ? mpi.self().dup() : null;
        IntraComm dup = world.dup();
        int size = dup.size();
        int right = (dup.rank() + 1) % size;
        int left = (dup.rank() - 1 + size) % size;
        int[] in = new int[3];
        Request[] receives = {dup.irecv(in, 0, 1, left, 0), dup.irecv(in, 1, 1, left, 1), dup.irecv(in, 2, 1, left, 2)};
        Request nonblocking = dup.isend(new int[] {5}, right, 0);
        dup.send(new int[] {6}, right, 1);
        PersistentRequest persistent = dup.sendInit(new int[] {7}, right, 2);
        persistent.start();
        Request.awaitAll(receives);
        Request.awaitAll(nonblocking, persistent);
        assertArrayEquals(new int[] {5, 6, 7}, in);
        persistent.free();
        dup.free();
        if (own != null) {
            own.free();
        }
    }

    @MpiTest(ranks = {1, 2, 3, 4, 5, 7, 8})
    void splitFollowsTheModel(IntraComm world) {
        long seed = agreed(world, System.nanoTime());
        Random random = new Random(seed);
        for (int turn = 0; turn < 30; turn++) {
            int size = world.size();
            int[] colors = random.ints(size, -1, 3).map(c -> c < 0 ? Comm.UNDEFINED : c).toArray();
            int[] keys = random.ints(size, -2, 3).map(k -> k == 2 ? Integer.MIN_VALUE : k).toArray();
            int me = world.rank();
            IntraComm part = world.split(colors[me], keys[me]);
            String what = "seed=" + seed + " turn=" + turn;
            if (colors[me] == Comm.UNDEFINED) {
                assertNull(part, what);
                continue;
            }
            int[] model = IntStream.range(0, size).filter(r -> colors[r] == colors[me]).boxed()
                    .sorted(Comparator.<Integer>comparingInt(r -> keys[r]).thenComparingInt(r -> r))
                    .mapToInt(Integer::intValue).toArray();
            assertArrayEquals(model, part.group().translateRanks(IntStream.range(0, part.size()).toArray(), world.group()),
                    what);
            assertEquals(me, model[part.rank()], what);
            ring(part);
            if (turn % 3 == 0) {
                IntraComm again = part.dup();
                ring(again);
                again.free();
            }
            part.free();
        }
    }

    @MpiTest(ranks = {1, 4, 5})
    void splitKeepsTheOrderOfEqualKeysAndReversesByKey(IntraComm world) {
        assertEquals(world.rank(), world.split(0, 0).rank());
        IntraComm reversed = world.split(3, -world.rank());
        assertEquals(world.size() - 1 - world.rank(), reversed.rank());
        assertEquals(world.size() == 1 ? Comparison.CONGRUENT : Comparison.SIMILAR, world.compare(reversed));
        ring(reversed);
        assertClass(ErrorClass.ARG, () -> world.split(-3, 0));
    }

    @MpiTest(ranks = {1, 3, 4})
    void splitTypeSharedHoldsTheRanksOfThisNode(IntraComm world) {
        IntraComm node = world.splitType(SplitType.SHARED, -world.rank(), new Info());
        assertEquals(world.size(), node.size());
        assertEquals(world.size() - 1 - world.rank(), node.rank());
        ring(node);
        assertNull(world.splitType(null, 0, new Info()));
        assertNull(world.splitType(SplitType.HW_GUIDED, 0, new Info().set("mpi_hw_resource_type", "no such thing")));
        assertEquals(world.size(), world.splitType(SplitType.HW_GUIDED, 0,
                new Info().set("mpi_hw_resource_type", "mpi_shared_memory")).size());
        assertNull(world.splitType(SplitType.HW_UNGUIDED, 0, new Info()));
    }

    @MpiTest(ranks = {1, 2, 5, 8})
    void createMakesDisjointGroupsAtOnce(IntraComm world) {
        boolean low = world.rank() < world.size() / 2;
        Group all = world.group();
        Group mine = low ? all.rangeIncl(new Range(world.size() / 2 - 1, 0, -1))
                : all.rangeIncl(new Range(world.size() / 2, world.size() - 1, 1));
        IntraComm part = world.create(mine);
        assertEquals(mine, part.group());
        ring(part);
        IntraComm one = world.create(all.incl(world.size() - 1));
        assertEquals(world.rank() == world.size() - 1, one != null);
        assertNull(world.create(Group.EMPTY));
        assertClass(ErrorClass.GROUP, () -> world.create(null));
        assertClass(ErrorClass.GROUP, () -> part.create(new Group(new int[] {99}, -1)));
        ring(world);
    }

    @MpiTest(ranks = {2, 3, 5, 8})
    void createGroupIsCalledByItsMembersOnly(IntraComm world) {
        Group even = world.group().rangeIncl(new Range(0, world.size() - 1, 2));
        if (world.rank() % 2 == 0) {
            for (int turn = 0; turn < 3; turn++) {
                IntraComm part = world.createGroup(even, 5);
                assertEquals(even, part.group());
                ring(part);
                ObjectRequest<? extends IntraComm> idup = part.idup();
                ring(idup.awaitValue());
                part.free();
            }
        }
        // The ranks know different numbers of communicators now.
        IntraComm dup = world.dup();
        ring(dup);
        ring(dup.dup());
        assertClass(ErrorClass.TAG, () -> world.createGroup(even, -1));
    }

    @MpiTest(ranks = {1, 2, 3, 4, 5, 7, 8})
    void idupsOverlapWithEachOtherAndWithMessages(IntraComm world) {
        List<ObjectRequest<? extends IntraComm>> dups = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            dups.add(world.idup());
        }
        ring(world);
        world.barrier();
        IntraComm other = world.dup();
        for (int i = dups.size() - 1; i >= 0; i--) {
            while (dups.get(i).test().isEmpty()) {
                Thread.onSpinWait();
            }
            IntraComm dup = dups.get(i).awaitValue();
            assertSame(dup, dups.get(i).awaitValue());
            dup.send(new int[] {i}, world.rank() == 0 ? world.size() - 1 : world.rank() - 1, 3);
            int[] in = new int[1];
            dup.recv(in, Comm.ANY_SOURCE, 3);
            assertEquals(i, in[0]);
            dup.free();
        }
        ring(other);
    }

    @MpiTest(ranks = {1, 3})
    void newCommunicatorsInheritHandlerAndNoHints(IntraComm world) {
        List<ErrorClass> told = new ArrayList<>();
        world.setErrhandler((comm, error) -> told.add(error.errorClass()));
        world.setInfo(new Info().set("color", "blue"));
        IntraComm dup = world.dup();
        assertEquals(0, dup.info().size());
        IntraComm hinted = world.dup(new Info().set("b", "1").set("a", "2"));
        assertEquals(List.of("b", "a"), hinted.info().keys());
        assertEquals(Optional.of("blue"), world.info().get("color"));
        assertClass(ErrorClass.RANK, () -> dup.split(0, 0).send(new int[0], 99, 0));
        assertEquals(List.of(ErrorClass.RANK), told);
        world.setErrhandler(Errhandler.THROW);
        assertClass(ErrorClass.INFO, () -> world.dup(null));
    }

    @MpiTest(ranks = {1, 2, 4})
    void freedCommunicatorsRefuseCallsAndFinishWhatIsUnderWay(Mpi mpi, IntraComm world) {
        int right = (world.rank() + 1) % world.size();
        IntraComm dup = world.dup();
        int[] in = new int[1];
        Request late = dup.irecv(in, Comm.ANY_SOURCE, 4);
        PersistentRequest again = dup.sendInit(new int[] {9}, right, 4);
        dup.free();
        assertTrue(dup.isFreed());
        assertClass(ErrorClass.COMM, () -> dup.send(in, 0, 0));
        assertClass(ErrorClass.COMM, () -> dup.recv(in, 0, 0));
        assertClass(ErrorClass.COMM, () -> dup.recv(in, Comm.ANY_SOURCE, 0));
        assertClass(ErrorClass.COMM, () -> dup.probe(0, 0));
        assertClass(ErrorClass.COMM, dup::free);
        assertClass(ErrorClass.COMM, dup::dup);
        assertClass(ErrorClass.COMM, dup::group);
        assertClass(ErrorClass.COMM, () -> world.compare(dup));
        assertClass(ErrorClass.COMM, world::free);
        assertClass(ErrorClass.COMM, mpi.self()::free);
        world.barrier();
        int used = world.seed.instance().contexts.inUse();
        again.start();
        again.await();
        late.await();
        assertEquals(9, in[0]);
        assertEquals(used, world.seed.instance().contexts.inUse(), "a persistent request holds the number");
        again.free();
        assertEquals(used - 1, world.seed.instance().contexts.inUse());
    }

    @MpiTest(ranks = {1, 3})
    void selfCanBeDuplicated(Mpi mpi, IntraComm world) {
        IntraComm dup = mpi.self().dup();
        assertEquals(1, dup.size());
        dup.send(new int[] {world.rank()}, 0, 0);
        int[] in = new int[1];
        assertEquals(0, dup.recv(in, Comm.ANY_SOURCE, Comm.ANY_TAG).source());
        assertEquals(world.rank(), in[0]);
        assertEquals(world.size() == 1 ? Comparison.CONGRUENT : Comparison.UNEQUAL, world.compare(dup));
    }

    @MpiTest(ranks = 2)
    void namesAreShown(IntraComm world) {
        assertEquals("world", world.name());
        IntraComm dup = world.dup();
        dup.setName("pump");
        assertEquals("pump", dup.name());
        assertTrue(assertClass(ErrorClass.TAG, () -> dup.send(new int[0], 0, -3)).getMessage().contains("on pump, rank "));
        dup.setName("x".repeat(500));
        assertEquals(Comm.MAX_NAME, dup.name().length());
        dup.setName("");
        assertTrue(dup.toString().startsWith("dup of world (rank"), dup.toString());
        assertFalse(dup.isInter());
        assertNotNull(dup.group());
    }

    /** Sends the own rank around, and checks that ranks and sources fit. */
    static void ring(IntraComm comm) {
        int size = comm.size();
        int right = (comm.rank() + 1) % size;
        int left = (comm.rank() + size - 1) % size;
        int[] in = new int[1];
        Status status = comm.sendrecv(new int[] {comm.rank()}, right, 11, in, left, 11);
        assertEquals(left, in[0]);
        assertEquals(left, status.source());
        Request received = comm.irecv(in, left, 12);
        Request sent = comm.isend(new int[] {comm.rank() + 1}, right, 12);
        received.await();
        sent.await();
        assertEquals(left + 1, in[0]);
    }

    /** Returns the value of rank 0. */
    static long agreed(IntraComm world, long value) {
        long[] v = {value};
        if (world.rank() == 0) {
            for (int r = 1; r < world.size(); r++) {
                world.send(v, r, 12);
            }
        } else {
            world.recv(v, 0, 12);
        }
        return v[0];
    }
}
