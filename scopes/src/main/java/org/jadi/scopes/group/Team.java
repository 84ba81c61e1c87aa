package org.jadi.scopes.group;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jadi.scopes.error.ErrorCode;
import org.jadi.scopes.error.ScopeException;

/** A member of a group of threads of this process. */
public final class Team implements Group {
    private final Board board;
    private final int rank;

    /** Where the members meet. */
    private static final class Board {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private final Object[] brought; // guarded by lock, as is all below
        private List<Object> exchanged = List.of();
        private int here;
        private long round;
        private final boolean[] waiting;
        private int atBarrier;
        private long barrierRound;
        private final long[] barrierOf;
        private int left = -1; // a member that has

        private Board(int size) {
            brought = new Object[size];
            waiting = new boolean[size];
            barrierOf = new long[size];
        }
    }

    /** What a member says when the group divides. */
    private record Wish(int color, int key) {}

    private Team(Board board, int rank) {
        this.board = board;
        this.rank = rank;
    }

    /** Makes a group of so many members; each of the results is for one thread. */
    public static List<Group> of(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("a group has members: size=" + size);
        }
        Board board = new Board(size);
        return IntStream.range(0, size).mapToObj(i -> (Group) new Team(board, i)).toList();
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return board.brought.length;
    }

    @Override
    public List<byte[]> allgather(byte[] mine) {
        List<byte[]> all = new ArrayList<>();
        exchange(mine.clone()).forEach(o -> all.add(((byte[]) o).clone()));
        return all;
    }

    private List<Object> exchange(Object mine) {
        board.lock.lock();
        try {
            board.brought[rank] = mine;
            long round = board.round;
            if (++board.here == size()) {
                board.exchanged = Arrays.asList(board.brought.clone());
                board.here = 0;
                board.round++;
                board.changed.signalAll();
            }
            // Nobody can begin the next round before all have taken the results of this one: it needs us.
            while (board.round == round) {
                checkAll();
                board.changed.awaitUninterruptibly();
            }
            return board.exchanged;
        } finally {
            board.lock.unlock();
        }
    }

    private void checkAll() {
        if (board.left >= 0) {
            throw new ScopeException(ErrorCode.TRANSPORT, "a member of the group has left: rank=" + board.left + " size=" + size());
        }
    }

    @Override
    public void barrier() {
        while (!barrier(Duration.ofDays(1))) {
            // Only a call with a limit may give up.
        }
    }

    @Override
    public boolean barrier(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        boolean interrupted = false;
        board.lock.lock();
        try {
            if (!board.waiting[rank]) {
                board.waiting[rank] = true;
                board.barrierOf[rank] = board.barrierRound;
                if (++board.atBarrier == size()) {
                    board.atBarrier = 0;
                    board.barrierRound++;
                    board.changed.signalAll();
                }
            }
            while (board.barrierRound == board.barrierOf[rank]) {
                checkAll();
                long rest = end - System.nanoTime();
                if (rest <= 0) {
                    return false;
                }
                try {
                    board.changed.awaitNanos(rest);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            board.waiting[rank] = false;
            return true;
        } finally {
            board.lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public Group split(int color, int key) {
        List<Object> wishes = exchange(new Wish(color, key));
        int[] together = IntStream.range(0, size()).filter(i -> ((Wish) wishes.get(i)).color == color).boxed()
                .sorted(Comparator.comparingInt((Integer i) -> ((Wish) wishes.get(i)).key).thenComparingInt(i -> i))
                .mapToInt(i -> i).toArray();
        boolean leads = color >= 0 && together[0] == rank;
        List<Object> boards = exchange(leads ? new Board(together.length) : "follows");
        return color < 0 ? null : new Team((Board) boards.get(together[0]), IntStream.range(0, together.length)
                .filter(i -> together[i] == rank).findFirst().orElseThrow());
    }

    @Override
    public void close() {
        board.lock.lock();
        try {
            board.left = board.left < 0 ? rank : board.left;
            board.changed.signalAll();
        } finally {
            board.lock.unlock();
        }
    }

    /** Returns rank and size. */
    @Override
    public String toString() {
        return "thread " + rank + " of " + size();
    }
}
