package org.jadi.mpi;

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

    /** Runs, and waits for the end. */
    abstract void run();

    /** Runs behind a request. */
    abstract Request start();

    /** Makes a persistent request. */
    abstract PersistentRequest init();

    /** Makes an inactive request for the whole operation. */
    final org.jadi.adi.request.Request fresh() {
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
