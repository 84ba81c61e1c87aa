package org.jadi.mpi;

import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;

/**
 * Collective operations on objects: any {@link java.io.Serializable}, as in {@link ObjectMessages}. All are blocking, and
 * exchange lengths before the objects.
 *
 * <p>On a communicator of two groups, objects go to the other group, and the root is named as in {@link Collectives}: it says
 * {@link Comm#ROOT} of itself, the others of its group {@link Comm#PROC_NULL} (they get null), and the other group its rank.
 */
public sealed interface ObjectCollectives permits Comm {
    /**
     * Sends an object of the root to all ranks ({@code MPI_Bcast}, MPI 4.1 §6.4). The root gets its own object back.
     *
     * @param object the object; looked at on the root only
     * @throws MpiException ROOT, TYPE (cannot be serialized or decoded), PROC_FAILED
     */
    default <T> T bcastObject(T object, int root) {
        Comm comm = (Comm) this;
        Transfer t = comm.transfer;
        boolean atRoot = RaggedCalls.isRoot(comm, root);
        byte[] message = atRoot ? t.instance.objects.encode(t, object, "bcastObject") : null;
        long[] length = {atRoot ? message.length : 0};
        CollectiveCalls.bcast(comm, "bcastObject", Operand.of(t, length, 0, 1), root).run();
        byte[] data = atRoot ? message : new byte[Math.toIntExact(length[0])];
        CollectiveCalls.bcast(comm, "bcastObject", Operand.of(t, data, 0, data.length), root).run();
        return atRoot ? object : RaggedCalls.isIdle(comm, root) ? null : t.instance.objects.decoded(t, data, "bcastObject");
    }

    /**
     * Gathers an object of every rank at the root ({@code MPI_Gatherv}, MPI 4.1 §6.5).
     *
     * @return at the root the objects in the order of the ranks, null elsewhere
     * @throws MpiException ROOT, TYPE (cannot be serialized or decoded), PROC_FAILED
     */
    default <T> List<T> gatherObjects(T object, int root) {
        Comm comm = (Comm) this;
        Transfer t = comm.transfer;
        byte[] message = t.instance.objects.encode(t, object, "gatherObjects");
        Operand send = Operand.of(t, message, 0, message.length);
        long[] lengths = RaggedCalls.countsAtRoot(comm, "gatherObjects", send, root);
        byte[] all = lengths == null ? null : new byte[Math.toIntExact(Arrays.stream(lengths).sum())];
        Operand recv = all == null ? null : Operand.of(t, all, 0, all.length);
        RaggedCalls.gatherv(comm, "gatherObjects", send, recv, lengths, null, root).run();
        return all == null ? null : ObjectLists.decode(t, all, lengths, "gatherObjects");
    }

    /**
     * Gathers an object of every rank at every rank ({@code MPI_Allgatherv}, MPI 4.1 §6.7).
     *
     * @return the objects in the order of the ranks
     * @throws MpiException TYPE (cannot be serialized or decoded), PROC_FAILED
     */
    default <T> List<T> allgatherObjects(T object) {
        Comm comm = (Comm) this;
        Transfer t = comm.transfer;
        byte[] message = t.instance.objects.encode(t, object, "allgatherObjects");
        Operand send = Operand.of(t, message, 0, message.length);
        long[] lengths = RaggedCalls.allCounts(comm, "allgatherObjects", send);
        byte[] all = new byte[Math.toIntExact(Arrays.stream(lengths).sum())];
        RaggedCalls.allgatherv(comm, "allgatherObjects", send, Operand.of(t, all, 0, all.length), lengths, null).run();
        return ObjectLists.decode(t, all, lengths, "allgatherObjects");
    }

    /**
     * Deals objects of the root out, one to each rank ({@code MPI_Scatterv}, MPI 4.1 §6.6).
     *
     * @param objects as many as ranks; looked at on the root only
     * @return the object for this rank
     * @throws MpiException ROOT, ARG (another number of objects), TYPE, PROC_FAILED
     */
    default <T> T scatterObjects(List<? extends T> objects, int root) {
        Comm comm = (Comm) this;
        Transfer t = comm.transfer;
        boolean atRoot = RaggedCalls.isRoot(comm, root);
        int ranks = RaggedCalls.partners(comm);
        if (atRoot && (objects == null || objects.size() != ranks)) {
            throw t.error(ErrorClass.ARG, "scatterObjects", "one object for every rank is wanted: ranks=" + ranks
                    + " objects=" + (objects == null ? "null" : objects.size()), null);
        }
        ObjectLists.Encoded all = atRoot ? ObjectLists.encode(t, objects, "scatterObjects") : null;
        long[] length = new long[1];
        CollectiveCalls.scatter(comm, "scatterObjects", atRoot ? Operand.of(t, all.lengths(), 0, ranks) : null,
                Operand.of(t, length, 0, 1), root).run();
        byte[] mine = new byte[Math.toIntExact(length[0])];
        RaggedCalls.scatterv(comm, "scatterObjects", atRoot ? Operand.of(t, all.bytes(), 0, all.bytes().length) : null,
                atRoot ? all.lengths() : null, null, Operand.of(t, mine, 0, mine.length), root).run();
        boolean mineCame = !comm.isInter() || !atRoot && !RaggedCalls.isIdle(comm, root);
        return mineCame ? t.instance.objects.decoded(t, mine, "scatterObjects") : null;
    }

    /**
     * Gives every rank an object of every rank ({@code MPI_Alltoallv}, MPI 4.1 §6.8).
     *
     * @param objects one for each rank
     * @return one from each rank
     * @throws MpiException ARG (another number of objects), TYPE, PROC_FAILED
     */
    default <T> List<T> alltoallObjects(List<? extends T> objects) {
        Comm comm = (Comm) this;
        Transfer t = comm.transfer;
        int ranks = RaggedCalls.partners(comm);
        if (objects == null || objects.size() != ranks) {
            throw t.error(ErrorClass.ARG, "alltoallObjects", "one object for every rank is wanted: ranks=" + ranks
                    + " objects=" + (objects == null ? "null" : objects.size()), null);
        }
        ObjectLists.Encoded all = ObjectLists.encode(t, objects, "alltoallObjects");
        long[] lengths = RaggedCalls.exchangedCounts(comm, "alltoallObjects", all.lengths());
        byte[] recv = new byte[Math.toIntExact(Arrays.stream(lengths).sum())];
        RaggedCalls.alltoallv(comm, "alltoallObjects", Operand.of(t, all.bytes(), 0, all.bytes().length), all.lengths(), null,
                Operand.of(t, recv, 0, recv.length), lengths, null).run();
        return ObjectLists.decode(t, recv, lengths, "alltoallObjects");
    }

    /**
     * Reduces an object of every rank, in the order of the ranks ({@code MPI_Reduce}, MPI 4.1 §6.9.1). The operator runs on
     * the root, in the calling thread, and may do anything.
     *
     * @param operator an associative function
     * @return at the root the result, null elsewhere
     * @throws MpiException ROOT, TYPE, PROC_FAILED
     */
    default <T> T reduceObject(T object, BinaryOperator<T> operator, int root) {
        List<T> all = gatherObjects(object, root);
        return all == null ? null : Op.fold(all, operator);
    }

    /**
     * Reduces an object of every rank to all, in the order of the ranks ({@code MPI_Allreduce}, MPI 4.1 §6.9.6). The operator
     * runs on every rank, in the calling thread, and may do anything.
     *
     * @param operator an associative function that gives the same on every rank
     * @throws MpiException TYPE, PROC_FAILED
     */
    default <T> T allreduceObject(T object, BinaryOperator<T> operator) {
        return Op.fold(allgatherObjects(object), operator);
    }
}
