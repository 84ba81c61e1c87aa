package org.jadi.mpi;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The numbers by which one process knows its communicators, and the context ids in packets that follow from them.
 *
 * <p>A number is chosen by the process that receives, and told to the members when the communicator is made: a sender writes
 * the number of the <em>receiver</em> into the packet. So a number is a local matter. It is taken in one step under one
 * lock, nobody waits for another operation to get one, and threads that make communicators on overlapping groups in
 * different orders cannot hinder each other: that is all there is to be proven (docs/adr/0010).
 *
 * <p>Mostly the numbers of all members are equal, because programs do the same on all ranks, and then no table is kept. A
 * number goes back when its communicator was freed, nothing holds it (see {@link Comm#hold}) and no receive is posted in it;
 * messages that nobody has received are thrown away then. It is given out again only after all other numbers, so what a
 * wrong program still sends to it finds nobody.
 */
final class Contexts {
    /** Messages of the user. */
    static final int USER = 0;
    /** Messages of collective operations. */
    static final int COLLECTIVE = 1;
    /** Messages that make other communicators, with tags by order of the calls. */
    static final int MANAGE = 1 | 1 << 29;
    /** Messages of createGroup, with the user's tag. */
    static final int GROUP = 1 | 1 << 30;
    /** Messages between leaders of an inter-communicator to be, with the user's tag. */
    static final int LEADERS = GROUP | MANAGE;
    /** What a partitioned send tells the receiver, with the user's tag. */
    static final int PARTITIONED = 1 << 29;
    /** Partitions, with tags that the sender has chosen. */
    static final int PARTITIONS = 1 << 30;
    /** Messages that make communicators of groups, with a hash of the user's text as tag; of the world only. */
    static final int FROM_GROUP = PARTITIONED | PARTITIONS;

    /** Numbers of the two communicators that are there from the beginning. */
    static final int WORLD = 0;
    static final int SELF = 1;

    /** The most numbers that a context id has room for. */
    static final int MOST = 1 << 28;

    private static final int[] KINDS = {USER, COLLECTIVE, MANAGE, GROUP, LEADERS, PARTITIONED, PARTITIONS, FROM_GROUP};

    /** What a process knows of its messages, for the return of numbers. */
    interface Traffic {
        /** Whether a receive is posted in a context. */
        boolean hasPosted(int context);

        /** Throws away the messages in a context that nobody has received. */
        void discard(int context);
    }

    private final Traffic traffic;
    private final int limit;

    // guarded by this
    private final Set<Integer> used = new HashSet<>();
    private final List<Integer> returning = new ArrayList<>();
    private int next = 2;
    private boolean wrapped;

    Contexts(Traffic traffic, int limit) {
        this.traffic = traffic;
        this.limit = limit;
        used.add(WORLD);
        used.add(SELF);
    }

    /** Returns the context id of a number for a kind of messages. */
    static int id(int number, int kind) {
        return number << 1 | kind;
    }

    /** Takes a number that nobody uses; returns -1 if there is none left. */
    synchronized int take() {
        sweep();
        if (used.size() >= limit) {
            return -1;
        }
        while (!used.add(next)) {
            advance(next + 1);
        }
        int taken = next;
        advance(taken + 1);
        if (wrapped) {
            discard(taken);
        }
        return taken;
    }

    /** Goes on after a number that another process has proposed, so that the next proposals are equal again. */
    synchronized void catchUp(int other) {
        int ahead = Math.floorMod(other - next, limit);
        if (ahead < limit / 2) {
            advance(other + 1);
        }
    }

    /** Takes a number back, as soon as no receive is posted in it. */
    synchronized void give(int number) {
        returning.add(number);
        sweep();
    }

    /** Returns how many numbers are in use. */
    synchronized int inUse() {
        sweep();
        return used.size();
    }

    private void advance(int to) {
        wrapped |= to >= limit;
        next = to >= limit ? 2 : to;
    }

    private void sweep() {
        returning.removeIf(number -> {
            for (int kind : KINDS) {
                if (traffic.hasPosted(id(number, kind))) {
                    return false;
                }
            }
            discard(number);
            used.remove(number);
            return true;
        });
    }

    private void discard(int number) {
        for (int kind : KINDS) {
            traffic.discard(id(number, kind));
        }
    }
}
