/**
 * How a process learns its place in a job, before any message is sent.
 *
 * <p>{@link org.jadi.bootstrap.Bootstraps#open()} gives a {@link org.jadi.bootstrap.Bootstrap}, which answers four
 * questions: which rank am I, how many are we, what did the others publish (a key-value space with one collective fence),
 * and which secret proves that a connection belongs to this job. {@link org.jadi.bootstrap.Handshake} is that proof,
 * without input or output of its own, so that blocking and non-blocking sockets share it.
 * The job's place in shared memory, and what tells a living job from leftovers, is in {@code org.jadi.bootstrap.folder}.
 *
 * <p>Thread rule: a {@code Bootstrap} may be used by any thread; calls are serialised inside. Nothing here knows of
 * messages, devices or communicators.
 */
package org.jadi.bootstrap;
