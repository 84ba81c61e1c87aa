/**
 * The device tcp: packets as frames on one TCP connection per pair of ranks, made at first use.
 *
 * <p>Main type: {@link org.jadi.device.tcp.TcpDevice}. The bytes are described in {@code PROTOCOL.md}.
 *
 * <p>Thread rule. The <em>watcher</em>, one daemon thread per device, owns everything that is not authenticated yet:
 * the listening socket, connections in their handshake, and the attempts to reach a peer; it also rings the doorbell
 * for a sleeping engine and writes out what nobody else does. The <em>poller</em> (the thread in {@code progress}) reads
 * authenticated connections and never meets a stranger's byte. The output side of a connection is guarded by its lock:
 * senders take it, poller and watcher only try to. Locks are taken one at a time; no upcall is made under one.
 *
 * <p>What must not enter: ranks, tags or communicators as meaning, waiting, and state shared between devices.
 */
package org.jadi.device.tcp;
