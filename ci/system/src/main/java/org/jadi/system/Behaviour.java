package org.jadi.system;

import org.jadi.mpi.IntraComm;
import org.jadi.mpi.Mpi;

/**
 * Something that the standard demands, as a program that all ranks of a communicator run.
 *
 * @param name as in the list of behaviours
 * @param body what every rank does; throws if it is not as demanded
 */
record Behaviour(String name, Body body) {
    /** What every rank does. */
    @FunctionalInterface
    interface Body {
        void run(Mpi mpi, IntraComm comm) throws Exception;
    }

    /** A behaviour that needs the communicator only. */
    static Behaviour of(String name, OnComm body) {
        return new Behaviour(name, (mpi, comm) -> body.run(comm));
    }

    /** What every rank does with the communicator alone. */
    @FunctionalInterface
    interface OnComm {
        void run(IntraComm comm) throws Exception;
    }
}
