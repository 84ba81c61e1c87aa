package org.jadi.adi.board;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.jadi.adi.device.DeviceException;
import org.jadi.adi.device.MappedMemory;
import org.jadi.adi.request.Failure;
import org.jadi.adi.stats.HotPath;

/**
 * Memory that the ranks of one communicator on one node share for its collective operations. Every rank has a part, which it
 * alone writes: flags, and the data behind them, so no word is fought for. Layout: {@link BoardDescriptor}.
 *
 * <p>The ranks enter the same operations in the same order, and count them. In an operation a rank <em>publishes</em> pieces: their
 * data first, then their number in the flag. Others wait for the flag, <em>take</em> the data, and say so where the writer may want
 * the place again before they leave the operation. The first piece lies beside the flag if it is short, and else in a chunk, as do all
 * others; consecutive operations begin with other chunks, so the next one need not wait until all have left the last.
 *
 * <p>Ranks are places on the board. One thread at a time may use it; nothing here waits.
 */
public final class Board implements AutoCloseable {
    /** Answer of {@link #published}: the rank has not entered the operation. */
    public static final int ABSENT = -1;

    /** Answer of {@link #published}: the operation has failed there, and no more comes. */
    public static final int FAILED = Integer.MAX_VALUE;

    /** Longest piece that lies beside the flag, in bytes. */
    public static final int INLINE_BYTES = (int) BoardDescriptor.PAYLOAD_BYTES;

    /** Readers of a piece: all ranks. */
    public static final int ALL = -1;

    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();
    private static final int LINE_MASK = BoardDescriptor.LINES - 1;

    private final MappedMemory device;
    private final IntFunction<Failure> losses;
    private final int me;
    private final int size;
    private final int[] ranks;
    private final int chunkBytes;
    private final int pieceBytes;
    private final int placeMask;
    private final MemorySegment[] parts;
    private final MemorySegment own;
    private final Arena arena = Arena.ofShared();
    private final long lines;
    private final long places;

    /** Number of the operation; OWNER: the thread that uses the board. */
    private int operation;
    private long line;
    private int first;
    private int next;
    private boolean inline;

    /** What each rank has left at least, as far as we know. */
    private final long[] left;

    /** The least of {@link #left}, as far as we have looked. */
    private long leftByAll;

    /** For each place, what its readers must have taken before it is written again, and who they are. */
    private final long[] used;
    private final int[] usedBy;

    /**
     * Makes our part.
     *
     * @param ranks of all members in the job
     * @param me our place among them
     * @param chunkBytes a quarter of the room for data, a multiple of 64
     * @param losses says why a rank of the job is lost, or null
     * @throws DeviceException if there is no room
     */
    public Board(MappedMemory device, int[] ranks, int me, int chunkBytes, IntFunction<Failure> losses) {
        this.device = device;
        this.ranks = ranks.clone();
        this.size = ranks.length;
        this.me = me;
        this.chunkBytes = chunkBytes;
        this.losses = losses;
        this.lines = BoardDescriptor.lines(size);
        this.places = BoardDescriptor.places(size);
        int count = BoardDescriptor.placeCount(size, chunkBytes);
        this.placeMask = count - 1;
        this.pieceBytes = BoardDescriptor.CHUNKS * chunkBytes / count;
        this.left = new long[size];
        this.used = new long[count];
        this.usedBy = new int[count];
        this.own = device.create(bytes(size, chunkBytes));
        this.parts = new MemorySegment[size];
        parts[me] = own;
    }

    /** Returns the bytes of shared memory that each rank contributes. */
    public static long bytes(int ranks, int chunkBytes) {
        return BoardDescriptor.bytes(ranks, chunkBytes);
    }

    /** Returns the name of our part, for {@link #join} of the others. */
    public long name() {
        return device.name(own);
    }

    /**
     * Maps the parts of the others.
     *
     * @param names of all parts
     * @throws DeviceException if one cannot be mapped
     */
    public void join(long[] names) {
        DeviceException first = null;
        for (int r = 0; r < size; r++) {
            if (r != me) {
                try {
                    parts[r] = device.map(ranks[r], names[r], own.byteSize(), arena);
                    device.watch(ranks[r]);
                } catch (DeviceException e) { // the others are mapped all the same, to tell them that we leave
                    first = first == null ? e : first;
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /** Returns our place. */
    public int me() {
        return me;
    }

    /** Returns the number of ranks. */
    public int size() {
        return size;
    }

    /** Returns a quarter of the room for data, in bytes. */
    public int chunkBytes() {
        return chunkBytes;
    }

    /** Returns the length of the longest piece in bytes. */
    public int pieceBytes() {
        return pieceBytes;
    }

    /** Returns how many pieces can lie on the board at a time. */
    public int places() {
        return placeMask + 1;
    }

    /** Returns the rank in the job of a place. */
    public int rank(int place) {
        return ranks[place];
    }

    /** Returns the number of the operation that was entered last. */
    public int operation() {
        return operation;
    }

    // ------------------------------------------------------------- operations

    /** Returns whether the line of the next operation is free: all have left the one that used it before. */
    @HotPath
    public boolean mayEnter() {
        long needed = shifted(operation + 1 - BoardDescriptor.LINES);
        return leftByAll - needed >= 0 || lookWhoLeft(needed);
    }

    private boolean lookWhoLeft(long needed) {
        long least = shifted(operation);
        for (int r = 0; r < size; r++) {
            if (r != me) {
                if (!hasLeft(r, needed)) {
                    return false;
                }
                least = left[r] - least < 0 ? left[r] : least;
            }
        }
        leftByAll = least;
        return true;
    }

    private boolean hasLeft(int rank, long needed) {
        if (left[rank] - needed < 0) {
            left[rank] = (long) WORD.getAcquire(parts[rank], BoardDescriptor.DONE_OFFSET);
        }
        return left[rank] - needed >= 0;
    }

    /**
     * Notes that a rank has entered the operation, and so has left all before it.
     *
     * <p>ORDER: it read what it took before it set the flag that {@link #published} has seen, as it does before it says that it left.
     */
    @HotPath
    public void met(int rank) {
        left[rank] = shifted(operation - 1) + FAILED;
    }

    /** Begins the next operation; the flag is not set yet. */
    @HotPath
    public void begin(boolean firstInline) {
        operation++;
        line = lines + (operation & LINE_MASK) * BoardDescriptor.LINE_BYTES;
        first = next;
        inline = firstInline;
    }

    /** Tells the length of the block for each rank, before {@link #enter}. */
    public void setLength(int reader, long bytes) {
        WORD.set(own, length(reader), bytes);
    }

    private long length(int reader) {
        return BoardDescriptor.lengths(size) + ((operation & LINE_MASK) * (long) size + reader) * 8;
    }

    /**
     * Enters the operation that was begun.
     *
     * @param check what must be equal on all ranks
     * @param bytes length of our data, for those who know what it must be
     * @param pieces how many are there already: 1 if the first one lies beside the flag
     */
    @HotPath
    public void enter(long check, long bytes, int pieces) {
        WORD.set(own, line + BoardDescriptor.CHECK_OFFSET, check);
        WORD.set(own, line + BoardDescriptor.BYTES_OFFSET, bytes);
        WORD.set(own, line + BoardDescriptor.FIRST_OFFSET, (long) first);
        publish(pieces);
    }

    /** Returns where a piece of ours lies in our {@link #part}. */
    @HotPath
    public long place(int piece) {
        return at(first, piece);
    }

    /** Returns where a piece of a rank that has entered the operation lies in its {@link #part}. */
    @HotPath
    public long place(int rank, int piece) {
        return at(rank == me ? first : (int) (long) WORD.get(parts[rank], line + BoardDescriptor.FIRST_OFFSET), piece);
    }

    private long at(int begin, int piece) {
        return inline && piece == 0 ? line + BoardDescriptor.PAYLOAD_OFFSET
                : places + (long) (begin + piece & placeMask) * pieceBytes;
    }

    /** Returns a rank's part. */
    @HotPath
    public MemorySegment part(int rank) {
        return parts[rank];
    }

    /** Returns whether all who read what lay in the place of a piece have taken it. */
    @HotPath
    public boolean mayWrite(int piece) {
        int p = first + piece & placeMask;
        long needed = used[p];
        return needed == 0 || leftByAll - needed >= 0 || isTaken(needed, usedBy[p]);
    }

    private boolean isTaken(long needed, int reader) {
        if (reader != ALL) {
            return reader == me || isTakenBy(reader, needed);
        }
        for (int r = 0; r < size; r++) {
            if (r != me && !isTakenBy(r, needed)) {
                return false;
            }
        }
        return true;
    }

    private boolean isTakenBy(int reader, long needed) {
        return hasLeft(reader, needed) || (long) WORD.getAcquire(parts[reader], BoardDescriptor.taken(size, me)) - needed >= 0;
    }

    /**
     * Says who reads what is written to the {@link #place} of a piece, before it is published.
     *
     * @param count how many its readers {@link #take} when they have taken it
     * @param reader the rank that takes it, or {@link #ALL}
     */
    @HotPath
    public void use(int piece, int count, int reader) {
        int p = first + piece & placeMask;
        used[p] = shifted(operation) + count;
        usedBy[p] = reader;
        next = p + 1;
    }

    /** Publishes as many pieces as are written to their {@link #place} now. */
    @HotPath
    public void publish(int pieces) {
        // ORDER: data, check word and lengths are visible before the flag. Pairs with getAcquire in published.
        WORD.setRelease(own, line + BoardDescriptor.FLAG_OFFSET, shifted(operation) + pieces);
        wakeAll();
    }

    /** Returns how many pieces a rank has published in this operation, or {@link #ABSENT}, or {@link #FAILED}. */
    @HotPath
    public int published(int rank) {
        long ahead = (long) WORD.getAcquire(parts[rank], line + BoardDescriptor.FLAG_OFFSET) - shifted(operation);
        return ahead < 0 ? ABSENT : (int) ahead;
    }

    /** Returns the check word of a rank that has entered the operation. */
    @HotPath
    public long checkOf(int rank) {
        return (long) WORD.get(parts[rank], line + BoardDescriptor.CHECK_OFFSET);
    }

    /** Returns the length of the data of a rank that has entered the operation. */
    @HotPath
    public long bytesOf(int rank) {
        return (long) WORD.get(parts[rank], line + BoardDescriptor.BYTES_OFFSET);
    }

    /** Returns the length of the block that a rank, which has entered the operation, has for us. */
    public long lengthOf(int rank) {
        return (long) WORD.get(parts[rank], length(me));
    }

    /** Says that we have taken a number of pieces of a rank's, {@link #FAILED} for all that may yet come. */
    @HotPath
    public void take(int rank, int pieces) {
        // ORDER: what we have read was read before this. Pairs with getAcquire in isTakenBy.
        WORD.setRelease(own, BoardDescriptor.taken(size, rank), shifted(operation) + pieces);
        device.wake(ranks[rank]);
    }

    /** Leaves the operation: nothing of it is read any more. */
    @HotPath
    public void leave() {
        WORD.setRelease(own, BoardDescriptor.DONE_OFFSET, shifted(operation) + FAILED);
        wakeAll();
    }

    /** Leaves the operation without having done all: who waits for our data is told that none comes. */
    public void fail() {
        publish(FAILED);
        leave();
    }

    @HotPath
    private void wakeAll() {
        for (int r = 0; r < size; r++) {
            if (r != me) {
                device.wake(ranks[r]);
            }
        }
    }

    /** The upper half of a flag. */
    private static long shifted(int operation) {
        return (long) operation << 32;
    }

    /** Copies between a part and memory of the user. */
    public void copy(MemorySegment from, long fromOffset, MemorySegment to, long toOffset, long bytes) {
        device.copy(from, fromOffset, to, toOffset, bytes);
    }

    // ------------------------------------------------------------------- ends

    /** Returns why one of the others, which has not left the operation, cannot be waited for any more, or null. Not for every turn. */
    public Failure lost() {
        for (int r = 0; r < size; r++) {
            Failure f = r == me ? null : goneWhy(r);
            // ORDER: looked at after the end of the rank, or one that leaves and then ends would seem to have failed.
            if (f != null && (long) WORD.getAcquire(parts[r], BoardDescriptor.DONE_OFFSET) - shifted(operation) < 0) {
                return f;
            }
        }
        return null;
    }

    private Failure goneWhy(int rank) {
        Failure f = losses.apply(ranks[rank]);
        if (f == null && (long) WORD.getAcquire(parts[rank], BoardDescriptor.CLOSED_OFFSET) != 0) {
            f = new Failure(Failure.Kind.PEER_FAILED, "rank " + ranks[rank] + " of the job has closed the library or freed the"
                    + " communicator, and takes part in no more collective operations");
        }
        return f;
    }

    /** Tells the others that we enter no more operations. */
    public void retire() {
        WORD.setRelease(own, BoardDescriptor.CLOSED_OFFSET, 1L);
        wakeAll();
    }

    /** Ends the use of the others' parts; ours stays until {@link #isDeserted}. Once. */
    @Override
    public void close() {
        for (int r = 0; r < size; r++) {
            if (r != me && parts[r] != null) {
                WORD.setRelease(parts[r], BoardDescriptor.departed(me), 1L);
            }
        }
        Arrays.setAll(parts, r -> r == me ? own : null);
        arena.close();
    }

    /** Returns whether all others have closed the board, or are lost, so that our part can be discarded. */
    public boolean isDeserted() {
        for (int r = 0; r < size; r++) {
            if (r != me && (long) WORD.getAcquire(own, BoardDescriptor.departed(r)) == 0 && losses.apply(ranks[r]) == null) {
                return false;
            }
        }
        return true;
    }

    /** Frees our part, if no other rank has ever mapped it or all have closed the board. */
    public void discard() {
        device.discard(own);
    }
}
