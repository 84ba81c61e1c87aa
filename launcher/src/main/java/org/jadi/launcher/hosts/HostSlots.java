package org.jadi.launcher.hosts;

/**
 * A host that a job may use.
 *
 * @param name its name or address, as it was written
 * @param slots how many ranks it is meant for, or 0 where nobody has said
 */
public record HostSlots(String name, int slots) {
}
