package org.jadi.mpi.collective;

import org.jadi.mpi.datatype.Kind;

/**
 * An operation with the elements that it is applied to.
 *
 * @param kernel what computes
 * @param elementBytes size of a packed element; messages are divided only between elements
 * @param kind of the memory that suits the kernel best
 * @param commutative whether the order of the ranks may be changed
 * @param symmetric whether {@code a op b} and {@code b op a} have the same bits, so that operands may be swapped and all
 *     ranks still get the same result
 * @param name for explanations
 */
public record Reduction(Kernel kernel, long elementBytes, Kind kind, boolean commutative, boolean symmetric, String name) {}
