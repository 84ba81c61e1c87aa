/**
 * MPI for Java: {@link org.jadi.mpi.Mpi} opens it, {@link org.jadi.mpi.Comm} carries messages, {@link org.jadi.mpi.Request}
 * and {@link org.jadi.mpi.Status} say what became of them. Names and meaning follow MPI 4.1.
 *
 * <p><b>Buffers.</b> Arrays of the eight primitive types (whole, or offset and count in elements),
 * {@link java.lang.foreign.MemorySegment} (bytes; whole, or offset and length), and the buffers of {@code java.nio}: from
 * position to limit, which are not changed. Elements travel in the byte order of the machine; a {@code boolean} is one
 * byte, 0 or 1. Sender and receiver may use different kinds of buffers for the same elements.
 *
 * <p><b>Threads.</b> Any thread, virtual ones too, may call anything ({@code MPI_THREAD_MULTIPLE}). Code of the user never
 * runs under a lock of the library.
 *
 * <p><b>Errors.</b> Everything that fails throws {@link org.jadi.mpi.MpiException}.
 *
 * <p>Calls that take a buffer are written once, in {@code src/build/GenerateMessages.java}; code of the engine, of devices
 * and of launchers must not enter here.
 */
package org.jadi.mpi;
