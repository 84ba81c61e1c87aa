/**
 * Type maps and how bytes move along them; the machinery behind {@link org.jadi.mpi.Datatype}. Not exported.
 *
 * <p>A {@link org.jadi.mpi.datatype.TypeMap} is the standard's type map with its bounds. Its entries are kept compressed in
 * a {@link org.jadi.mpi.datatype.Layout}: a tree of runs, loops, lists of blocks and sequences, in the order of the type
 * map. {@link org.jadi.mpi.datatype.Layout#erase} forgets the kinds of the elements, so that more of them become one run:
 * that form moves messages. The form with kinds answers what is asked about elements and signatures, and moves external32.
 *
 * <p>Everything but a {@link org.jadi.mpi.datatype.Copier} is immutable and may be used by any thread. Wrong arguments are
 * found by the public classes; here an overflow is an {@link java.lang.ArithmeticException}.
 */
package org.jadi.mpi.datatype;
