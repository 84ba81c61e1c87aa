/**
 * Collective operations as schedules; the machinery behind {@link org.jadi.mpi.Collectives}. Not exported.
 *
 * <p>An algorithm is a plain sequential program that writes down what one rank does: send, receive, reduce, copy, pack. The
 * {@link org.jadi.mpi.collective.Schedule} finds out from the memory that the steps touch which of them wait for which, so
 * that everything else overlaps: a block that was received is forwarded while the next one comes in. A
 * {@link org.jadi.mpi.collective.Run} executes it, blocking, nonblocking and persistent alike.
 * {@link org.jadi.mpi.collective.Selection} says which algorithm runs, and why.
 *
 * <p>Threads: a schedule is written by one thread, then run by one thread at a time: the one that started it, later whoever
 * polls for the rank. No lock is held while a step runs, so an operation of the user may take its time (and keeps the
 * polling of its rank waiting as long), but must not call the library.
 *
 * <p>Nothing here knows communicators, datatypes or requests of the user; arguments were checked before.
 */
package org.jadi.mpi.collective;
