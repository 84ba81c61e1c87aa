/**
 * Who uses which CPUs and devices of the node: claims, in a table that all processes of one user share, without a server.
 *
 * <p>Main type: {@link org.jadi.scopes.node.ClaimTable}. Claims guide those who choose CPUs, and enforce nothing: the kernel
 * lets anybody run anywhere. A table is changed under a lock only; claims of dead processes are swept by whoever comes next.
 * The format is in PROTOCOL.md of this module. Any thread.
 *
 * <p>Must not enter: topology, binding.
 */
package org.jadi.scopes.node;
