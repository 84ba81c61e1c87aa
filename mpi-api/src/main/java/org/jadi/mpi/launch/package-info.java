/**
 * Small programs that launchers run in a JVM of their own, and ranks that are threads.
 *
 * <p>Main types: {@link org.jadi.mpi.launch.InProcess}, {@link org.jadi.mpi.launch.PrintConfig} and
 * {@link org.jadi.mpi.launch.LocalJob}. Nothing here is on the path of a message.
 */
package org.jadi.mpi.launch;
