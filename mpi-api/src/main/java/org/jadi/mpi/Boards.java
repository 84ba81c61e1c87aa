package org.jadi.mpi;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jadi.adi.board.Board;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.DeviceException;
import org.jadi.adi.engine.Engine;

/**
 * The boards of one rank, and how much shared memory they may take. Our part of a board can be freed only when no other rank reads it
 * any more; so that is looked at again whenever one is made. Any thread.
 */
final class Boards {
    private final Engine engine;
    private final int chunkBytes;
    private final long limitBytes;
    private final int sharedAfter;
    private final int pretendedNodes;

    // guarded by this
    private final Set<Board> open = new HashSet<>();
    private final List<Board> ended = new ArrayList<>();
    private long usedBytes;
    private boolean closed;

    Boards(Engine engine, Config config) {
        this.engine = engine;
        this.chunkBytes = (int) config.bytes(MpiConfig.CHUNK_BYTES, 1 << 10, 16 << 20) & -64;
        this.limitBytes = config.bytes(MpiConfig.SHARED_BYTES, 0, Long.MAX_VALUE);
        this.sharedAfter = config.integer(MpiConfig.SHARED_AFTER, 0, 1 << 20);
        this.pretendedNodes = config.integer(MpiConfig.NODES, 0, 1 << 20);
    }

    /** Returns after how many operations a communicator gets a board. */
    int sharedAfter() {
        return sharedAfter;
    }

    /** Returns into how many nodes the job is to be divided; 0 for what is the case. */
    int pretendedNodes() {
        return pretendedNodes;
    }

    int chunkBytes() {
        return chunkBytes;
    }

    /** Returns whether boards are made at all. */
    boolean areAllowed() {
        return limitBytes > 0;
    }

    /** Makes our part of a board; null if there is no room for it. */
    synchronized Board create(int[] worldRanks, int place) {
        sweep();
        long bytes = Board.bytes(worldRanks.length, chunkBytes);
        if (closed || usedBytes + bytes > limitBytes) {
            return null;
        }
        try {
            Board board = engine.memory().createBoard(worldRanks, place, chunkBytes);
            if (board != null) {
                usedBytes += bytes;
                open.add(board);
            }
            return board;
        } catch (DeviceException e) {
            engine.log().info("no shared memory for collective operations: " + e.getMessage());
            return null;
        }
    }

    /** Ends the use of a board. */
    synchronized void end(Board board) {
        if (open.remove(board)) {
            board.retire();
            board.close();
            ended.add(board);
        }
        sweep();
    }

    /** Gives back the memory of a board that no other rank has mapped. */
    synchronized void drop(Board board) {
        if (open.remove(board)) {
            board.discard();
            usedBytes -= Board.bytes(board.size(), chunkBytes);
        }
    }

    /** Tells all ranks that we call no collective operation any more. */
    synchronized void retire() {
        open.forEach(Board::retire);
    }

    /** Ends the use of all boards; their memory goes with the devices. */
    synchronized void close() {
        closed = true;
        for (Board board : open) {
            try {
                board.close();
            } catch (IllegalStateException e) {
                engine.log().info("a board is still in use at the end: " + e.getMessage());
            }
        }
        open.clear();
    }

    private void sweep() {
        ended.removeIf(b -> {
            boolean deserted = b.isDeserted();
            if (deserted) {
                b.discard();
                usedBytes -= Board.bytes(b.size(), chunkBytes);
            }
            return deserted;
        });
    }
}
