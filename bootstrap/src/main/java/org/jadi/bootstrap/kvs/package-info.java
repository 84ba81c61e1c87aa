/**
 * Jadi's key-value protocol, both ends of it: {@link org.jadi.bootstrap.kvs.KeyValueServer} in the launcher,
 * {@link org.jadi.bootstrap.kvs.KvsClient} in each rank. {@code bootstrap/PROTOCOL.md} has the bytes.
 *
 * <p>Thread rule: the server's state belongs to its one selector thread, which never blocks and never calls out but to
 * {@link org.jadi.bootstrap.kvs.JobEvents}; the client's callers wait on its monitor, and its reader thread takes that
 * monitor only to change a flag.
 *
 * <p>Must not enter: what a job is made of (processes, output, exit codes). That is the launcher's.
 */
package org.jadi.bootstrap.kvs;
