/**
 * The folders of jobs in shared memory, {@code jadi-UID/JOBID} below {@code /dev/shm} or another base: who makes them, who
 * may delete them, and how it is seen that nobody of a job is alive.
 *
 * <p>{@link org.jadi.bootstrap.folder.UserFolder} is the folder of one user: it appears with the user's first job and goes
 * with the last. {@link org.jadi.bootstrap.folder.JobFolder} is a living process's hold on the folder of one job. Both rest
 * on kernel locks, which end with their process; process ids, which are used again, play no part.
 *
 * <p>The launcher and the devices within a node share this package, so nothing of this module's other packages may enter:
 * errors are {@link java.io.IOException}s with a text for the user, and the caller says what could not be done for it.
 *
 * <p>Thread rule: everything may be used by any thread. POSIX gives locks to processes and not to threads or objects, so
 * {@link org.jadi.bootstrap.folder.ProcessLocks} keeps the one register of what this process has locked.
 */
package org.jadi.bootstrap.folder;
