/**
 * Jobs without a launcher of ours: processes that know their rank and where rank 0 is to be found, as in an Indexed Job of
 * Kubernetes or under {@code srun --mpi=none}. Rank 0 serves the key-value space itself, at a host and port that all know
 * or that it writes into a file; the others try until it is there.
 *
 * <p>{@link org.jadi.bootstrap.rendezvous.RendezvousBootstrap} is the rank's place,
 * {@link org.jadi.bootstrap.rendezvous.RendezvousSettings} what the environment says. The secret comes from a file
 * ({@code JADI_SECRET_FILE}, a Kubernetes secret for example), or from the file that rank 0 writes.
 *
 * <p>Thread rule: as the key-value client, which does the work.
 */
package org.jadi.bootstrap.rendezvous;
