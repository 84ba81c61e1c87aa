/**
 * PMIx, the library interface of Open MPI, PRRTE and Slurm's {@code --mpi=pmix}, through libpmix and the FFM API.
 * {@link org.jadi.bootstrap.pmix.PmixManager} is the client.
 *
 * <p>Thread rule: libpmix may be called by any thread and has one of its own.
 */
package org.jadi.bootstrap.pmix;
