/**
 * The device within one node: a ring from each sender in a file of the receiver's under {@code /dev/shm}.
 *
 * <p>Main type: {@link org.jadi.device.shm.ShmDevice}. The mechanism is {@link org.jadi.adi.memory.ring.Ring} (one producer,
 * one consumer, in shared memory); the bytes and the steps stand in {@code PROTOCOL.md}. All access to shared words goes
 * through {@link org.jadi.adi.memory.ring.Words}. Nothing MPI may enter: packets are four words and bytes.
 */
package org.jadi.device.shm;
