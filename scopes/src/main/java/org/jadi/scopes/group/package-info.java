/**
 * Who shares a scope: threads, processes, or one alone.
 *
 * <p>Main type: {@link org.jadi.scopes.group.Group}, four collective operations that a kind of group has to have; over MPI
 * communicators it is made by {@code org.jadi.scopes.mpi}. A group object belongs to one member, which may call it from any
 * thread, one at a time. Who waits, sleeps.
 */
package org.jadi.scopes.group;
