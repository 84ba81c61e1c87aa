/**
 * Jobs that another launcher started: its process manager says who we are and carries the few facts that ranks exchange.
 *
 * <p>{@link org.jadi.bootstrap.manager.ProcessManager} is what such a manager offers, the same few calls for PMI-1 and
 * PMIx; {@link org.jadi.bootstrap.manager.ManagedBootstrap} makes of it a {@link org.jadi.bootstrap.Bootstrap}, with the
 * job's name and secret made by rank 0 and handed out through the manager's key-value space. Whoever may read that space
 * (the manager's daemons, and root) can join the job: that channel is not ours and not authenticated by us.
 *
 * <p>Thread rule: {@code ManagedBootstrap} serialises its callers; managers are called by one thread at a time, except for
 * {@code abort} and {@code close}.
 *
 * <p>Must not enter: wire formats and native calls; they live with their protocol.
 */
package org.jadi.bootstrap.manager;
