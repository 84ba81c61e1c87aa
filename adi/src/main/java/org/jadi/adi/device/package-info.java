/**
 * The device SPI: what a transport offers to the engine, and what it may ask of it.
 *
 * <p>A device moves packets between this rank and its peers. It never interprets rank, tag or communicator: a packet is
 * a header of four {@code long}s and some bytes. Calls go down ({@link org.jadi.adi.device.Device},
 * {@link org.jadi.adi.device.Endpoint}); arrivals come up through {@link org.jadi.adi.device.InboundHandler} only.
 * Abilities that not every transport has are separate types in this package, asked for with
 * {@link org.jadi.adi.device.Device#capability}.
 *
 * <p>Thread rule: each method says who calls it. In short: {@code progress} by one thread at a time (the engine sees to
 * it, and to a happens-before edge between one thread and the next), an endpoint's sends by one thread at a time per
 * endpoint, everything else by the opening thread.
 */
package org.jadi.adi.device;
