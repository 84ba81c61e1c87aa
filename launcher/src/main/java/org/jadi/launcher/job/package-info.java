/**
 * Runs a job: {@link org.jadi.launcher.job.Job} makes its place in shared memory, serves its key-values and starts its
 * ranks; {@code JobMonitor} waits for them and decides how it ended; {@code JobKiller} ends what is left.
 *
 * <p>Thread rule: the main thread decides everything and lives until the end; all other threads (exit watches, the
 * key-value server, signals) only put a {@code JobEvent} into its queue.
 */
package org.jadi.launcher.job;
