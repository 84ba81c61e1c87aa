/**
 * Jobs on several hosts. mpirun starts an agent on each host through a remote shell, as a tree: agents start further
 * agents. All that they tell each other are {@link org.jadi.launcher.remote.Frame}s through the standard input and output of
 * these shells; there is no socket of ours between hosts that a stranger could try, and the end of a stream is the end of
 * everything below it.
 *
 * <pre>
 *  mpirun: RemoteJob, RemoteRanks ---AgentTree--- AgentLink ==ssh== Agent: LocalRanks
 *                                                                     |--AgentTree--- AgentLink ==ssh== Agent ...
 * </pre>
 *
 * <p>Thread rule: each link has a reader, a sender and an error reader; one starter per node starts remote shells, as the
 * kernel ties them to its life; one heartbeat per node. Nobody waits for a slow link: frames are queued, and windows bound
 * what may be queued.
 */
package org.jadi.launcher.remote;
