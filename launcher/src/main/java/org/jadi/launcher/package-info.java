/**
 * The command {@code mpirun}: {@code options} reads what the user wants, {@code program} finds out what is to be started,
 * {@code job} starts it and waits, {@code output} carries what it prints.
 *
 * <p>It knows nothing of messages, devices or communicators; what it needs of them runs as a program of mpi-api in a JVM
 * of its own. Start-up counts here: every millisecond before the ranks are started is added to each job, so this code
 * keeps to small parts of the JDK (no logging, no reflection beyond signals, no argument library).
 */
package org.jadi.launcher;
