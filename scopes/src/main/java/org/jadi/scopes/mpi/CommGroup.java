package org.jadi.scopes.mpi;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jadi.mpi.Comm;
import org.jadi.mpi.ErrorClass;
import org.jadi.mpi.Info;
import org.jadi.mpi.IntraComm;
import org.jadi.mpi.MpiException;
import org.jadi.mpi.Request;
import org.jadi.mpi.SplitType;
import org.jadi.scopes.error.ErrorCode;
import org.jadi.scopes.error.ScopeException;
import org.jadi.scopes.group.Group;

/**
 * The ranks of a communicator on this node, as a group that shares scopes.
 *
 * <pre>{@code
 * try (Mpi mpi = Mpi.init(args); Scopes scopes = Scopes.open()) {
 *     Scope job = scopes.of(CommGroup.ofNode(mpi.world()), Intrinsic.JOB);
 *     try (Scope mine = job.split(); Binding binding = mine.push()) { ... }
 * }
 * }</pre>
 *
 * <p>It has a communicator of its own, so its messages meet no others. Waiting is the library's: it spins no longer than there
 * are CPUs for it, then sleeps.
 */
public final class CommGroup implements Group {
    private final IntraComm comm;
    private Request barrier; // one that was given up, and goes on

    private CommGroup(IntraComm comm) {
        this.comm = comm;
    }

    /** Returns the group of the ranks of a communicator that are on this node. Collective over the communicator. */
    public static CommGroup ofNode(IntraComm comm) {
        return new CommGroup(comm.splitType(SplitType.SHARED, comm.rank(), new Info()));
    }

    /** Returns the communicator of the group, for messages of the program's. It ends when the group is closed. */
    public IntraComm comm() {
        return comm;
    }

    @Override
    public int rank() {
        return comm.rank();
    }

    @Override
    public int size() {
        return comm.size();
    }

    @Override
    public List<byte[]> allgather(byte[] mine) {
        try {
            int[] counts = new int[size()];
            comm.allgather(new int[] {mine.length}, counts);
            int[] begins = new int[counts.length];
            for (int i = 1; i < begins.length; i++) {
                begins[i] = begins[i - 1] + counts[i - 1];
            }
            byte[] all = new byte[Arrays.stream(counts).sum()];
            comm.allgatherv(mine, all, counts, begins);
            List<byte[]> parts = new ArrayList<>();
            for (int i = 0; i < counts.length; i++) {
                parts.add(Arrays.copyOfRange(all, begins[i], begins[i] + counts[i]));
            }
            return parts;
        } catch (MpiException e) {
            throw lost(e);
        }
    }

    @Override
    public boolean barrier(Duration limit) {
        try {
            barrier = barrier == null ? comm.ibarrier() : barrier;
            if (barrier.await(limit).isEmpty()) {
                return false;
            }
            barrier = null;
            return true;
        } catch (MpiException e) {
            throw lost(e);
        }
    }

    @Override
    public void barrier() {
        try {
            Request waiting = barrier == null ? comm.ibarrier() : barrier;
            waiting.await();
            barrier = null;
        } catch (MpiException e) {
            throw lost(e);
        }
    }

    @Override
    public Group split(int color, int key) {
        try {
            IntraComm part = comm.split(color < 0 ? Comm.UNDEFINED : color, key);
            return part == null ? null : new CommGroup(part);
        } catch (MpiException e) {
            throw lost(e);
        }
    }

    private static ScopeException lost(MpiException e) {
        return new ScopeException(ErrorCode.TRANSPORT, "the members of the group cannot reach each other: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        try {
            if (!comm.isFreed()) {
                comm.free();
            }
        } catch (MpiException e) {
            // The library was closed first, and its communicators with it.
            if (e.errorClass() != ErrorClass.COMM) {
                throw lost(e);
            }
        }
    }

    /** Returns rank and size. */
    @Override
    public String toString() {
        return "rank " + rank() + " of " + size() + " of " + comm;
    }
}
