/**
 * Runs Jadi and C MPI libraries side by side. All jobs are resident and all but one are stopped by signal; slices alternate
 * between them, so that what the machine does in a minute befalls all alike. {@code bench/compare} starts it.
 */
package org.jadi.bench.compare;
