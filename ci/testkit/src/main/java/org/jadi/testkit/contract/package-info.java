/**
 * The sentences of the device SPI as tests, one interface per chapter, and the bench on which they run.
 *
 * <p>{@link org.jadi.testkit.contract.DeviceGroup} opens the devices of a small job in one JVM;
 * {@link org.jadi.testkit.contract.Lane} sends numbered packets with known contents from one rank to another;
 * {@link org.jadi.testkit.contract.Inbox} checks every arrival: right sender, next number, right bytes. A chapter skips
 * what a device does not declare as a capability, and nothing else.
 */
package org.jadi.testkit.contract;
