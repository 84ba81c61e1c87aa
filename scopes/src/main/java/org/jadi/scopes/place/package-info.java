/**
 * Where ranks and helper threads run: pure functions on a picture of a machine, so that any machine can be tried anywhere.
 *
 * <p>Main types: {@link org.jadi.scopes.place.RankMapper}, for the ranks of a host, by the options of mpirun;
 * {@link org.jadi.scopes.place.HelperPlace}, for a thread that polls. Immutable. Any thread.
 */
package org.jadi.scopes.place;
