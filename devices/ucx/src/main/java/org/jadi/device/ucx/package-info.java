/**
 * The device ucx: packets as active messages of OpenUCX, long data straight between the memories of two ranks.
 *
 * <p>Main type: {@link org.jadi.device.ucx.UcxDevice}, which wires the parts. The bytes are described in {@code PROTOCOL.md};
 * all calls into UCX stand in {@link org.jadi.device.ucx.binding}. A part knows only those below it:
 *
 * <pre>
 *  UcxDevice        capabilities, opening and closing
 *  UcxProgress      a turn: UCX, then packets, ends and failures to the engine
 *  UcxMemory        remote memory as the engine sees it
 *  RegionExchange   memory that UCX and peers know      Transfers    long data, operations, flush
 *  Peers            endpoints                           Deliveries   packets in
 *  Departures       packets out, with UcxEndpoint       Regions, Operations, Slots, Arrivals: what there is
 *  Failures         lost peers
 *  UcxWorker        the worker and its lock
 * </pre>
 *
 * <p>Thread rule. One worker per rank, used by one thread at a time: whoever calls UCX holds the device's {@link
 * org.jadi.device.ucx.UcxLock}. UCX calls up only while it is made to progress, under that lock, and the upcalls only take
 * notes: packets go to a queue, ends to a list. The poller hands them on after it gave the lock back, because the engine may
 * send from there. A send fills its slot outside the lock. The <em>watcher</em>, a daemon thread, waits for the worker's
 * event descriptor and rings the doorbell; it never calls UCX.
 */
package org.jadi.device.ucx;
