/**
 * PMI-1, the text protocol of Hydra (MPICH), Slurm's {@code --mpi=pmi2} and Flux, over an inherited socket
 * ({@code PMI_FD}) or TCP ({@code PMI_PORT}). {@link org.jadi.bootstrap.pmi.PmiManager} is the client.
 *
 * <p>Thread rule: one reader thread takes the manager's lines, so that its end is noticed while the program computes; one
 * caller at a time sends a request and waits for the answer.
 *
 * <p>Must not enter: PMI-2. Every manager that speaks it speaks PMI-1 as well, and all ranks of a job must speak the same.
 */
package org.jadi.bootstrap.pmi;
