/**
 * The device {@code self}: a rank to itself, and the ranks of an in-process job to each other.
 *
 * <p>The trivial device, kept readable as a template for others. Main type:
 * {@link org.jadi.device.self.SelfDevice}. Each ordered pair of ranks has one {@link org.jadi.device.self.SelfRing} of
 * heap memory, created by the sender's {@code connect} and drained by the receiver's {@code progress}. Ranks find each
 * other through {@link org.jadi.adi.device.DeviceContext#local}; nothing here is static.
 *
 * <p>Thread rule: that of the SPI. A ring has one producer at a time (the thread that holds the peer's send lock) and one
 * consumer at a time (the polling thread). Nothing of matching, ranks' meaning or waiting may enter.
 */
package org.jadi.device.self;
