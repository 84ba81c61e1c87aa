package org.jadi.mpi;

import org.jadi.mpi.collective.OrderedTask;

/** A collective call whose arguments are found good: started in one of its three forms. */
abstract class CollectiveCall {
    final Comm comm;
    final Transfer transfer;
    final String call;

    CollectiveCall(Comm comm, String call) {
        this.comm = comm;
        this.transfer = comm.transfer;
        this.call = call;
    }

    /**
     * Prepares what blocks: returns the task that {@link Comm#run} has to do, or has done it all and returns null. The two are apart so
     * that the JIT compiles this into the call of the user, and this object into nothing.
     */
    abstract OrderedTask prepare();

    /** Runs, and waits for the end. */
    final void run() {
        comm.run(prepare());
    }

    /** Runs behind a request. */
    abstract Request start();

    /** Makes a persistent request. */
    abstract PersistentRequest init();

    /** Makes an inactive request for a whole operation. */
    static org.jadi.adi.request.Request fresh(String call) {
        org.jadi.adi.request.Request done = new org.jadi.adi.request.Request();
        done.peer = org.jadi.adi.request.Request.ANY;
        done.tag = org.jadi.adi.request.Request.ANY;
        done.operation = call;
        return done;
    }

    /** Refuses memory that only one thread may touch, because any thread of the rank may have to. */
    final void checkShared(Operand operand) {
        if (transfer.instance.isConfined(operand.memory)) {
            throw transfer.error(ErrorClass.BUFFER, call, "collective operations cannot use memory of a confined arena, which"
                    + " other threads may not touch; use Arena.ofShared", null);
        }
    }
}
