package org.jadi.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jadi.junit.MpiTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Behaviours ctxalloc, ctxsplit, too_many_comms: how numbers of communicators are taken, told and given back. */
class ContextsTest {
    private static final int NUMBERS = 64;

    /** Messages that only say what they are told to. */
    private static final class Script implements Contexts.Traffic {
        final Set<Integer> posted = new HashSet<>();
        final List<Integer> discarded = new ArrayList<>();

        @Override
        public boolean hasPosted(int context) {
            return posted.contains(context);
        }

        @Override
        public void discard(int context) {
            discarded.add(context);
        }
    }

    @Test
    void shouldGiveEveryContextItsOwnId() {
        Set<Integer> ids = new HashSet<>();
        for (int number : new int[] {0, 1, 2, Contexts.MOST - 1}) {
            for (int kind : new int[] {Contexts.USER, Contexts.COLLECTIVE, Contexts.MANAGE, Contexts.GROUP, Contexts.LEADERS}) {
                assertTrue(Contexts.id(number, kind) >= 0);
                assertTrue(ids.add(Contexts.id(number, kind)), "number=" + number + " kind=" + kind);
            }
        }
    }

    @Test
    @Timeout(20)
    void shouldReuseNumbersOnlyAfterAllOthers() {
        Script script = new Script();
        Contexts contexts = new Contexts(script, NUMBERS);
        Set<Integer> seen = new HashSet<>();
        for (int i = 2; i < NUMBERS; i++) {
            int number = contexts.take();
            assertTrue(number >= 2 && number < NUMBERS && seen.add(number), "number=" + number);
            contexts.give(number);
        }
        assertEquals(2, contexts.take());
        assertEquals(3, contexts.inUse());
    }

    @Test
    void shouldKeepNumbersInWhichReceivesArePosted() {
        Script script = new Script();
        Contexts contexts = new Contexts(script, NUMBERS);
        int busy = contexts.take();
        script.posted.add(Contexts.id(busy, Contexts.COLLECTIVE));
        contexts.give(busy);
        assertEquals(3, contexts.inUse());
        assertEquals(List.of(), script.discarded);
        for (int i = 0; i < 3 * NUMBERS; i++) {
            int number = contexts.take();
            assertNotEquals(busy, number);
            contexts.give(number);
        }
        script.posted.clear();
        assertEquals(2, contexts.inUse());
        assertTrue(script.discarded.contains(Contexts.id(busy, Contexts.USER)));
    }

    @Test
    void shouldSayWhenNoneIsLeft() {
        Contexts contexts = new Contexts(new Script(), NUMBERS);
        int last = -1;
        for (int i = 2; i < NUMBERS; i++) {
            last = contexts.take();
        }
        assertEquals(-1, contexts.take());
        contexts.give(last);
        assertEquals(last, contexts.take());
    }

    @Test
    void shouldCatchUpForwardsOnly() {
        Contexts contexts = new Contexts(new Script(), NUMBERS);
        contexts.catchUp(20);
        assertEquals(21, contexts.take());
        contexts.catchUp(10);
        assertEquals(22, contexts.take());
    }

    @MpiTest(ranks = {1, 2, 3, 5}, config = "communicators=64")
    void thousandsOfCommunicatorsReuseFewNumbers(IntraComm world) {
        Contexts contexts = world.seed.instance().contexts;
        for (int i = 0; i < 1500; i++) {
            IntraComm comm = i % 3 == 0 ? world.split(world.rank() % 2, 0) : world.dup();
            if (i % 10 == 0) {
                CommTest.ring(comm);
            }
            comm.free();
        }
        assertEquals(2, contexts.inUse());
    }

    @MpiTest(ranks = {1, 2, 3}, config = "communicators=16")
    void tooManyCommunicatorsAreRefusedOnAllRanks(IntraComm world) {
        List<IntraComm> all = new ArrayList<>();
        // One rank has fewer left than the others: all must hear of it.
        IntraComm more = world.rank() == 0 ? world.createGroup(world.group().incl(0), 0) : null;
        MpiException refused = null;
        while (refused == null && all.size() < 20) {
            try {
                all.add(world.dup());
            } catch (MpiException e) {
                refused = e;
            }
        }
        assertEquals(13, all.size());
        assertTrue(refused.getMessage().contains("too many communicators"), refused.getMessage());
        assertEquals(ErrorClass.OTHER, refused.errorClass());
        GroupTest.assertClass(ErrorClass.OTHER, () -> world.split(0, 0));
        all.removeLast().free();
        CommTest.ring(world.dup());
        assertEquals(world.rank() == 0, more != null);
    }

    @MpiTest(ranks = {2, 3, 4})
    void ranksThatKnowDifferentNumbersUnderstandEachOther(IntraComm world) {
        for (int i = 0; i <= world.rank(); i++) {
            world.createGroup(world.group().incl(world.rank()), i);
        }
        IntraComm dup = world.dup();
        Members members = dup.seed.peers();
        assertEquals(-1, members.uniformNumber(), "numbers differ, or this test shows nothing");
        assertEquals(dup.seed.number(), members.numberOf(dup.rank()));
        CommTest.ring(dup);
        everyKindOfSend(dup);
        IntraComm reversed = dup.split(0, -dup.rank());
        CommTest.ring(reversed);
        reversed.barrier();
        assertEquals(reversed.seed.number(), reversed.dup().seed.number() - 1, "the ranks have caught up");
        int uniform = reversed.dup().seed.peers().uniformNumber();
        assertTrue(uniform > 0, "uniform=" + uniform);
    }

    /** Each way to the engine must write the receiver's number. */
    private static void everyKindOfSend(IntraComm comm) {
        int right = (comm.rank() + 1) % comm.size();
        int left = (comm.rank() + comm.size() - 1) % comm.size();
        int[] small = {1};
        int[] large = new int[100_000];
        comm.barrier();
        comm.send(small, right, 0);
        comm.recv(small, left, 0);
        Request ready = comm.irecv(small, left, 1);
        comm.barrier();
        comm.rsend(small, right, 1);
        ready.await();
        Request in = comm.irecv(large, left, 2);
        comm.ssend(large, right, 2);
        in.await();
        in = comm.irecv(large, left, 3);
        comm.send(large, right, 3);
        in.await();
        PersistentRequest again = comm.sendInit(small, right, 4);
        again.start();
        comm.recv(small, left, 4);
        again.await();
        comm.sendObject("object", right, 5);
        assertEquals("object", comm.<String>recvObject(left, 5));
        comm.send(new boolean[] {true}, right, 6);
        comm.recv(new boolean[1], left, 6);
        Request sent = comm.isend(small, right, 7);
        assertEquals(left, comm.mprobe(left, 7).recv(small).source());
        sent.await();
    }

    @MpiTest(ranks = 2, config = {"communicators=16", "eager.limitBytes=0"})
    void messagesNobodyReceivedAreGoneAndTheirSendersEnd(IntraComm world) {
        for (int turn = 0; turn < 40; turn++) {
            IntraComm dup = world.dup();
            int[] lost = new int[1 << 18];
            Request send = dup.isend(lost, 1 - dup.rank(), 0);
            // The message is there for sure, and world's own must not be hindered by it.
            dup.probe(1 - dup.rank(), 0);
            world.barrier();
            dup.free();
            send.await();
            IntraComm next = world.dup();
            assertTrue(next.iprobe(Comm.ANY_SOURCE, 0).isEmpty());
            CommTest.ring(next);
            next.free();
        }
        assertEquals(2, world.seed.instance().contexts.inUse());
    }

    @MpiTest(ranks = {2, 4})
    void wildcardsStayInTheirCommunicator(IntraComm world) {
        IntraComm[] comms = new IntraComm[70]; // more than the flags of the matcher
        Arrays.setAll(comms, i -> world.dup());
        int[][] in = new int[comms.length][1];
        Request[] any = new Request[comms.length];
        Arrays.setAll(any, i -> comms[i].irecv(in[i], Comm.ANY_SOURCE, Comm.ANY_TAG));
        int right = (world.rank() + 1) % world.size();
        for (int i = comms.length - 1; i >= 0; i--) {
            comms[i].send(new int[] {1000 + i}, right, i);
            if (i % 7 == 0) {
                comms[i].barrier();
            }
        }
        Status[] statuses = Request.awaitAll(any);
        for (int i = 0; i < comms.length; i++) {
            assertEquals(1000 + i, in[i][0]);
            assertEquals(i, statuses[i].tag());
        }
    }
}
