package org.jadi.system;

import java.util.List;
import org.jadi.mpi.CartComm;
import org.jadi.mpi.Comm;
import org.jadi.mpi.DistGraphComm;
import org.jadi.mpi.Info;
import org.jadi.mpi.IntraComm;

/** Grids and graphs. SPEC: MPI 4.1 §8.5. Details are tested in ci/behaviours; here devices take part. */
final class TopologyBehaviours {
    static final List<Behaviour> ALL = List.of(
            Behaviour.of("cartsuball", TopologyBehaviours::grid),
            Behaviour.of("distgraph1", TopologyBehaviours::graph));

    private TopologyBehaviours() {}

    private static void grid(IntraComm c) {
        int[] dims = CartComm.dimsCreate(c.size(), 0, 0);
        CartComm grid = c.createCart(dims, new boolean[] {true, false}, false);
        CartComm column = grid.sub(true, false);
        Check.equal(dims[0], column.size(), "ranks of a column");
        int[] got = {-1};
        CartComm.Shift shift = grid.shift(1, 1);
        grid.sendrecv(new int[] {grid.rank()}, shift.destination(), 0, got, shift.source(), 0);
        Check.equal(shift.source() == Comm.PROC_NULL ? -1 : grid.rank() - 1, got[0], "from the left");
        shift = column.shift(0, -1);
        column.sendrecv(new int[] {column.rank()}, shift.destination(), 0, got, shift.source(), 0);
        Check.equal((column.rank() + 1) % dims[0], got[0], "around the column");
        column.free();
        grid.free();
    }

    /** Rank 0 names all edges: everybody to everybody above. */
    private static void graph(IntraComm c) {
        int n = c.rank() == 0 ? c.size() : 0;
        int[] sources = new int[n];
        int[] degrees = new int[n];
        int[] destinations = new int[n * (n - 1) / 2];
        int[] weights = new int[destinations.length];
        int e = 0;
        for (int s = 0; s < n; s++) {
            sources[s] = s;
            degrees[s] = n - 1 - s;
            for (int d = s + 1; d < n; d++, e++) {
                destinations[e] = d;
                weights[e] = 100 * s + d;
            }
        }
        DistGraphComm graph = c.createDistGraph(sources, degrees, destinations, weights, new Info(), false);
        Check.equal(c.rank(), graph.inDegree(), "edges in");
        Check.equal(c.size() - 1 - c.rank(), graph.outDegree(), "edges out");
        for (int i = 0; i < graph.inDegree(); i++) {
            Check.equal(100 * graph.sources()[i] + c.rank(), graph.sourceWeights()[i], "weight");
        }
        graph.free();
    }
}
