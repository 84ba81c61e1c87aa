package org.jadi.mpi;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jadi.adi.request.PackPlan;
import org.jadi.mpi.collective.Block;
import org.jadi.mpi.collective.Composer;
import org.jadi.mpi.collective.OrderedTask;
import org.jadi.mpi.collective.Run;
import org.jadi.mpi.collective.Schedule;
import org.jadi.mpi.collective.Selection;
import org.jadi.mpi.datatype.Kind;

/**
 * A collective call on its way from arguments to a schedule, and then to its start: blocking, nonblocking or persistent.
 *
 * <p>Memory that is one run of bytes is used where it is. Other memory is packed at the start and unpacked at the end.
 */
final class CollectiveOperation extends CollectiveCall {
    final Schedule schedule;
    final Composer composer;

    /** Our own group's communicator, where there are two groups. */
    private final IntraComm within;
    private final CollectivePort port;
    private final Map<Operand, Block> whole = new IdentityHashMap<>();
    private final List<Runnable> ends = new ArrayList<>();
    private final Runnable release = this::release;
    private Run run;

    CollectiveOperation(Comm comm, String call, Kind kind) {
        super(comm, call);
        this.within = comm instanceof InterComm inter ? inter.within() : null;
        this.port = new CollectivePort(comm.collective, within == null ? null : within.collective, call);
        this.schedule = new Schedule(port, call, comm.rank(), comm.size(),
                comm.collective.peers.size + (within == null ? 0 : comm.size()), kind);
        this.composer = new Composer(schedule, comm.selection());
    }

    // ---------------------------------------------------------------- buffers

    /** Elements that are read. */
    Block in(Operand operand, long first, long count) {
        return block(operand, first, count, true, false);
    }

    /** All elements of a buffer that is read. */
    Block in(Operand operand) {
        return in(operand, 0, operand.count);
    }

    /** Elements that are written. */
    Block out(Operand operand, long first, long count) {
        return block(operand, first, count, false, true);
    }

    /** Elements that are read and written. */
    Block inout(Operand operand, long first, long count) {
        return block(operand, first, count, true, true);
    }

    /** Elements that are written, and of which those are read before that are not. */
    Block inout(Operand operand) {
        return inout(operand, 0, operand.count);
    }

    /** Returns how the schedule calls a rank of the other group: behind those of our own. */
    int remote(int rank) {
        return schedule.size + rank;
    }

    /** Cuts a block into equal parts, one for each rank. */
    Block[] parts(Block all) {
        return parts(all, schedule.size);
    }

    /** Cuts a block into equal parts. */
    Block[] parts(Block all, int number) {
        Block[] parts = new Block[number];
        long each = all.bytes() / parts.length;
        for (int i = 0; i < parts.length; i++) {
            parts[i] = all.slice(i * each, each);
        }
        return parts;
    }

    /** All elements of a buffer that begins at a place in bytes. */
    Block placed(Operand operand, long place, boolean reads, boolean writes) {
        return block(operand, operand.pieceAt(transfer, call, place, operand.count), reads, writes);
    }

    private Block block(Operand operand, long first, long count, boolean reads, boolean writes) {
        return block(operand, operand.piece(transfer, call, first, count), reads, writes);
    }

    private Block block(Operand operand, Operand.Piece piece, boolean reads, boolean writes) {
        if (writes && operand.memory != null) {
            transfer.writable(operand.memory);
        }
        if (piece.bytes() == 0) {
            return schedule.empty();
        }
        if (piece.plan() == null) {
            checkShared(operand);
            return whole.computeIfAbsent(operand, o -> schedule.user(o.memory, 0, o.memory.byteSize()))
                    .slice(piece.offset(), piece.bytes());
        }
        if (operand.memory != null) {
            checkShared(operand);
        }
        return staged(piece.plan(), reads, writes);
    }

    private Block staged(PackPlan plan, boolean reads, boolean writes) {
        Block packed = schedule.temp(plan.bytes());
        if (reads) {
            schedule.pack(plan, packed);
        }
        if (writes) {
            ends.add(() -> schedule.unpack(packed, plan));
        }
        return packed;
    }

    // ------------------------------------------------------------------ start

    /** Ends the description. */
    CollectiveOperation ready() {
        ends.forEach(Runnable::run);
        if (transfer.instance.tellsAlgorithms && comm.rank() == 0) {
            tell(transfer, comm, call, composer.choice());
        }
        run = schedule.finish();
        return this;
    }

    /** Tells which algorithm is taken. */
    static void tell(Transfer transfer, Comm comm, String call, Selection.Choice choice) {
        transfer.engine.log().warn(call + " on " + comm.label() + ": " + choice.algorithm().label() + ", " + choice.why());
    }

    @Override
    OrderedTask prepare() {
        run(comm.nextCollectiveTag());
        return null;
    }

    /** Runs as the operation of a number, and waits for the end. */
    void run(int number) {
        org.jadi.adi.request.Request done = fresh(call);
        port.tag = number;
        begin(done);
        try {
            transfer.awaitBlocking(done, call);
        } catch (MpiException e) {
            Throwable thrown = done.isComplete() ? run.thrown() : null;
            if (thrown == null) {
                throw e;
            }
            throw new MpiException(ErrorClass.OTHER, e.getMessage(), thrown);
        }
    }

    @Override
    Request start() {
        return start(comm.nextCollectiveTag());
    }

    /** Runs as the operation of a number, behind a request. */
    Request start(int number) {
        org.jadi.adi.request.Request done = fresh(call);
        port.tag = number;
        begin(done);
        return new Request(transfer, done, Status.EMPTY);
    }

    /** Its messages have a tag of their own, so that starts need no order. */
    @Override
    PersistentRequest init() {
        port.tag = comm.nextPersistentTag();
        return new PersistentRequest(this);
    }

    /** Starts with a request that is inactive. */
    void begin(org.jadi.adi.request.Request done) {
        comm.hold();
        if (within != null) {
            within.hold();
        }
        run.start(done, release);
    }

    private void release() {
        comm.release();
        if (within != null) {
            within.release();
        }
    }
}
