/**
 * Which hosts a job may use, and which rank goes where: lists of hosts as users and batch systems write them, and the
 * {@link org.jadi.launcher.hosts.Placement} of ranks on them.
 *
 * <p>Must not enter: how a host is reached.
 */
package org.jadi.launcher.hosts;
