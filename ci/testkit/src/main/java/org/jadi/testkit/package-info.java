/**
 * The kit with which devices, engine and matching are proved.
 *
 * <p>A device passes {@link org.jadi.testkit.DeviceContract} with a test file of about twenty lines. Every test has a
 * {@link org.jadi.testkit.TimeLimit}; on expiry all stacks are printed. Random tests draw from
 * {@link org.jadi.testkit.Seeds}, so that a failure can be repeated with {@code -Djadi.seed}. Tests wait for events, or through
 * {@link org.jadi.testkit.Eventually} for facts, never for times.
 *
 * <p>Thread rule: tests are single-threaded unless their name says otherwise. Nothing here knows a device by name.
 */
package org.jadi.testkit;
