/**
 * What a machine is made of: an immutable picture of it, and the arithmetic on that picture.
 *
 * <p>Main type: {@link org.jadi.scopes.topology.Topology}, a tree of {@link org.jadi.scopes.topology.HwObject} with sets of
 * CPUs ({@link org.jadi.scopes.topology.CpuSet}), memory nodes and devices. Everything is plain Java: no native memory, so
 * nothing is to be closed, and a machine of 384 CPUs is examined on a laptop. Any thread may use any of it.
 *
 * <p>Must not enter: native calls, the state of this process, who uses which CPU. Loading is
 * {@link org.jadi.scopes.load}.
 */
package org.jadi.scopes.topology;
