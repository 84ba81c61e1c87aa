package org.jadi.mpi;

/** By what {@link IntraComm#splitType} divides ranks. MPI 4.1 §7.4.2. */
public enum SplitType {
    /** Ranks that can share memory: those of one node ({@code MPI_COMM_TYPE_SHARED}). */
    SHARED,
    /**
     * Ranks on one hardware resource of the type that the hints name ({@code MPI_COMM_TYPE_HW_GUIDED}), all of them if there is
     * only one such resource. A rank that may run on several of them, or on none, gets no communicator.
     */
    HW_GUIDED,
    /**
     * Ranks on one resource of the largest type that divides this communicator ({@code MPI_COMM_TYPE_HW_UNGUIDED}). No type does
     * at the bottom: then nobody gets a communicator. The type is set in the hints, as {@code mpi_hw_resource_type}.
     */
    HW_UNGUIDED,
    /**
     * Ranks on one resource of the type that the hints name, as HW_GUIDED, or of the process set that they name as
     * {@code mpi_pset_name} ({@code MPI_COMM_TYPE_RESOURCE_GUIDED}).
     */
    RESOURCE_GUIDED
}
