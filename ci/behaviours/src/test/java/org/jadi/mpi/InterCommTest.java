package org.jadi.mpi;

import static org.jadi.mpi.GroupTest.assertClass;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jadi.junit.MpiTest;

/** Behaviours icm, ic1, icsplit, icsend, probe_intercomm. */
class InterCommTest {
    /** The even ranks and the odd ones; the leaders are the last of each. */
    private static InterComm evenOdd(IntraComm world) {
        int odd = world.rank() % 2;
        IntraComm half = world.split(odd, 0);
        int otherLeader = IntStream.range(0, world.size()).filter(r -> r % 2 != odd).max().orElseThrow();
        InterComm inter = half.createInter(half.size() - 1, world, otherLeader, 7);
        half.free();
        return inter;
    }

    @MpiTest(ranks = {2, 3, 4, 5, 7, 8})
    void groupsAndRanksAreThoseOfTheTwoSides(IntraComm world) {
        InterComm inter = evenOdd(world);
        assertTrue(inter.isInter());
        assertEquals(world.rank() / 2, inter.rank());
        assertEquals((world.size() + 1 - world.rank() % 2) / 2, inter.size());
        assertEquals(world.size() - inter.size(), inter.remoteSize());
        int[] remote = inter.remoteGroup().translateRanks(IntStream.range(0, inter.remoteSize()).toArray(), world.group());
        assertArrayEquals(IntStream.range(0, world.size()).filter(r -> r % 2 != world.rank() % 2).toArray(), remote);
        assertEquals(Comparison.UNEQUAL, inter.compare(world));
        talk(inter);
        inter.free();
        assertEquals(2, world.seed.instance().contexts.inUse());
    }

    @MpiTest(ranks = {2, 3, 5})
    void probesAndWildcardsNameRemoteRanks(IntraComm world) {
        InterComm inter = evenOdd(world);
        int to = inter.rank() % inter.remoteSize();
        Request send = inter.isend(new int[] {world.rank()}, to, 30);
        for (int n = 0; n < senders(inter); n++) {
            Status probed = inter.probe(Comm.ANY_SOURCE, 30);
            Message message = inter.mprobe(probed.source(), 30);
            int[] in = new int[1];
            Status status = message.recv(in);
            assertEquals(probed.source(), status.source());
            assertEquals(2 * status.source() + 1 - world.rank() % 2, in[0]);
        }
        send.await();
        assertClass(ErrorClass.RANK, () -> inter.send(new int[1], inter.remoteSize(), 0));
        assertEquals(Comm.PROC_NULL, inter.recv(new int[1], Comm.PROC_NULL, 0).source());
    }

    private static int senders(InterComm inter) {
        return (int) IntStream.range(0, inter.remoteSize()).filter(r -> r % inter.size() == inter.rank()).count();
    }

    @MpiTest(ranks = {2, 3, 4, 5, 7, 8})
    void mergeOrdersTheGroupsByHigh(IntraComm world) {
        InterComm inter = evenOdd(world);
        boolean odd = world.rank() % 2 == 1;
        int evens = (world.size() + 1) / 2;
        IntraComm evenFirst = inter.merge(odd);
        assertEquals(world.rank() / 2 + (odd ? evens : 0), evenFirst.rank());
        CommTest.ring(evenFirst);
        IntraComm oddFirst = inter.merge(!odd);
        assertEquals(world.rank() / 2 + (odd ? 0 : world.size() - evens), oddFirst.rank());
        CommTest.ring(oddFirst);
        IntraComm any = inter.merge(true);
        assertEquals(Comparison.CONGRUENT, any.compare(inter.merge(false)));
        CommTest.ring(any.dup());
        talk(inter);
    }

    @MpiTest(ranks = {2, 3, 5, 8})
    void dupsCompareAndKeepAttributes(IntraComm world) {
        InterComm inter = evenOdd(world);
        Keyval<Comm, String> key = Keyval.shared();
        inter.setAttribute(key, "v");
        InterComm dup = inter.dup();
        assertEquals(Comparison.CONGRUENT, inter.compare(dup));
        assertEquals(Optional.of("v"), dup.attribute(key));
        List<ObjectRequest<InterComm>> later = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            later.add(inter.idup(new Info().set("n", "" + i)));
        }
        talk(dup);
        for (int i = 4; i >= 0; i--) {
            InterComm one = later.get(i).awaitValue();
            assertSame(one, later.get(i).awaitValue());
            assertEquals(Optional.of("" + i), one.info().get("n"));
            talk(one);
            one.free();
        }
        talk(inter);
    }

    @MpiTest(ranks = {2, 3, 5, 8})
    void splitMatchesColorsAcrossTheGroups(IntraComm world) {
        InterComm inter = evenOdd(world);
        // Color 0 is on both sides if each has a rank 0; color 1 only where a side has two ranks.
        InterComm part = inter.split(inter.rank() % 2, -inter.rank());
        boolean both = inter.remoteSize() > inter.rank() % 2;
        assertEquals(both, part != null);
        if (part != null) {
            assertEquals(part.size() - 1 - inter.rank() / 2, part.rank(), "in reverse by key");
            talk(part);
            CommTest.ring(part.merge(false));
        }
        assertNull(inter.split(Comm.UNDEFINED, 0));
        assertNull(inter.split(world.rank() % 2, 0), "no color is on both sides");
        assertClass(ErrorClass.ARG, () -> inter.split(-5, 0));
    }

    @MpiTest(ranks = {2, 3, 5, 8})
    void createTakesPartsOfBothGroups(IntraComm world) {
        InterComm inter = evenOdd(world);
        InterComm leaders = inter.create(inter.group().incl(0));
        assertEquals(inter.rank() == 0, leaders != null);
        if (leaders != null) {
            assertEquals(1, leaders.remoteSize());
            talk(leaders);
        }
        assertNull(inter.create(world.rank() % 2 == 0 ? Group.EMPTY : inter.group()));
        assertClass(ErrorClass.GROUP, () -> inter.create(inter.remoteGroup()));
    }

    @MpiTest(ranks = {2, 3, 4})
    void wrongLeadersAreRefusedOnAllRanksOfTheGroup(IntraComm world) {
        assertClass(ErrorClass.RANK, () -> world.createInter(world.size(), world, 0, 0));
        assertClass(world.rank() == 0 ? ErrorClass.RANK : ErrorClass.OTHER, () -> world.createInter(0, world, 99, 0));
        assertClass(world.rank() == 0 ? ErrorClass.TAG : ErrorClass.OTHER, () -> world.createInter(0, world, 0, -1));
        assertClass(world.rank() == 0 ? ErrorClass.COMM : ErrorClass.OTHER, () -> world.createInter(0, null, 0, 0));
        assertTrue(assertClass(ErrorClass.COMM, () -> world.dup().createInter(0, world, 0, 0)).getMessage().contains("in common"));
        assertEquals(2 + 1, world.seed.instance().contexts.inUse());
        CommTest.ring(world);
    }

    /** Everybody sends to every remote rank, and checks whom it hears. */
    static void talk(InterComm inter) {
        List<Request> all = new ArrayList<>();
        int[][] in = new int[inter.remoteSize()][2];
        for (int r = 0; r < inter.remoteSize(); r++) {
            all.add(inter.irecv(in[r], r, 3));
            all.add(inter.isend(new int[] {inter.rank(), r}, r, 3));
        }
        Request.awaitAll(all);
        for (int r = 0; r < inter.remoteSize(); r++) {
            assertArrayEquals(new int[] {r, inter.rank()}, in[r]);
        }
    }
}
