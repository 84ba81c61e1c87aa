package org.jadi.mpi;

/** By what {@link IntraComm#splitType} divides ranks. MPI 4.1 §7.4.2. */
public enum SplitType {
    /** Ranks that can share memory: those of one node ({@code MPI_COMM_TYPE_SHARED}). */
    SHARED,
    /** Ranks on one hardware resource of the type that the hints name ({@code MPI_COMM_TYPE_HW_GUIDED}). */
    HW_GUIDED,
    /** Ranks on one resource of the largest type that divides this communicator ({@code MPI_COMM_TYPE_HW_UNGUIDED}). */
    HW_UNGUIDED
}
