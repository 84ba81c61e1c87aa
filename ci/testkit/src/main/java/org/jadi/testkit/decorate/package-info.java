/**
 * Devices around a device: some disturb it as far as the SPI allows, some add an optional ability that it lacks, so that
 * the engine's use of the ability can be proved. Made by {@link org.jadi.testkit.decorate.Decorated}.
 *
 * <p>A decorated device obeys the whole contract (a failing one until it fails), and keeps the inner device's name.
 */
package org.jadi.testkit.decorate;
