package org.jadi.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jadi.junit.MpiTest;

/**
 * Many threads that make communicators at once, on overlapping groups and in different orders: comm_dup_deadlock,
 * idup_deadlock, ctxidup, dup_leak_test, comm_create_group_threads.
 */
class CommThreadsTest {
    private static final int THREADS = 4;
    private static final int TURNS = 25;

    /** What a thread does; thrown errors end the test. */
    private interface Body {
        void run(int thread) throws Exception;
    }

    @MpiTest(ranks = {1, 2, 3, 4}, timeoutSeconds = 100)
    void threadsDuplicateDifferentCommunicators(IntraComm world) {
        IntraComm[] bases = dups(world);
        parallel(world, false, t -> {
            for (int i = 0; i < TURNS; i++) {
                IntraComm dup = bases[t].dup();
                CommTest.ring(dup);
                dup.free();
            }
        });
        assertEquals(2 + THREADS, world.seed.instance().contexts.inUse());
    }

    @MpiTest(ranks = {2, 3}, timeoutSeconds = 100)
    void virtualThreadsDuplicateDifferentCommunicators(IntraComm world) {
        IntraComm[] bases = dups(world);
        parallel(world, true, t -> {
            for (int i = 0; i < TURNS; i++) {
                IntraComm dup = bases[t].dup();
                CommTest.ring(dup);
                dup.free();
            }
        });
    }

    /** One thread on each rank, but rank by rank another order of idups, blocking dups and waits. */
    @MpiTest(ranks = {2, 3, 5}, timeoutSeconds = 100)
    void idupsAreCompletedInAnyOrderWhileOthersBlock(IntraComm world) {
        IntraComm[] bases = dups(world);
        Random random = new Random(world.rank());
        for (int turn = 0; turn < TURNS; turn++) {
            List<Integer> order = new ArrayList<>(IntStream.range(0, THREADS).boxed().toList());
            Collections.shuffle(order, random);
            List<ObjectRequest<? extends IntraComm>> requests = new ArrayList<>();
            order.forEach(b -> requests.add(bases[b].idup()));
            IntraComm all = world.dup();
            Collections.shuffle(requests, random);
            List<Request> messages = new ArrayList<>();
            for (ObjectRequest<? extends IntraComm> r : requests) {
                IntraComm dup = r.awaitValue();
                messages.add(dup.irecv(new int[1], (dup.rank() + 1) % dup.size(), 0));
                messages.add(dup.isend(new int[1], (dup.rank() + dup.size() - 1) % dup.size(), 0));
                dup.free();
            }
            Request.awaitAll(messages);
            all.free();
        }
    }

    /** Threads with dup, idup, split and create in the groups of neighbours, which overlap around the ring. */
    @MpiTest(ranks = {3, 4, 5}, timeoutSeconds = 100)
    void threadsOnOverlappingGroupsDoNotHinderEachOther(IntraComm world) {
        int size = world.size();
        IntraComm[] pairs = new IntraComm[size];
        for (int p = 0; p < size; p++) {
            pairs[p] = world.create(world.group().incl(p, (p + 1) % size));
        }
        IntraComm[] bases = {pairs[world.rank()], pairs[(world.rank() + size - 1) % size], world.dup()};
        parallel(world, false, t -> {
            IntraComm base = bases[t % bases.length];
            if (t >= bases.length) {
                return;
            }
            for (int i = 0; i < TURNS; i++) {
                ObjectRequest<? extends IntraComm> later = base.idup();
                IntraComm part = base.split(base.rank() % 2, 0);
                IntraComm same = base.create(base.group());
                CommTest.ring(part);
                CommTest.ring(same);
                CommTest.ring(later.awaitValue());
                part.free();
                same.free();
                later.awaitValue().free();
            }
        });
    }

    @MpiTest(ranks = {2, 4, 5}, timeoutSeconds = 100)
    void threadsCreateGroupsInOneCommunicatorByTag(IntraComm world) {
        Group all = world.group();
        Group even = all.rangeIncl(new Group.Range(0, world.size() - 1, 2));
        parallel(world, false, t -> {
            Group group = t % 2 == 0 ? all : even;
            for (int i = 0; i < TURNS && (t % 2 == 0 || world.rank() % 2 == 0); i++) {
                IntraComm part = world.createGroup(group, t);
                CommTest.ring(part);
                part.free();
            }
        });
        assertEquals(2, world.seed.instance().contexts.inUse());
    }

    private static IntraComm[] dups(IntraComm world) {
        IntraComm[] bases = new IntraComm[THREADS];
        Arrays.setAll(bases, i -> world.dup());
        return bases;
    }

    /** Runs threads that begin in another order on each rank. */
    private static void parallel(IntraComm world, boolean virtual, Body body) {
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int t = (i + world.rank()) % THREADS;
            CompletableFuture<Void> end = new CompletableFuture<>();
            ends.add(end);
            Runnable run = () -> {
                try {
                    body.run(t);
                    end.complete(null);
                } catch (Exception | AssertionError e) {
                    end.completeExceptionally(e);
                }
            };
            Thread thread = virtual ? Thread.ofVirtual().unstarted(run) : Thread.ofPlatform().daemon().unstarted(run);
            thread.setName("user-" + world.rank() + "-" + t);
            thread.start();
        }
        ends.forEach(CompletableFuture::join);
    }
}
