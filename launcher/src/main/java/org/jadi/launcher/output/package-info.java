/**
 * Carries what ranks print to where the user sees it, in whole lines.
 *
 * <p>One {@link org.jadi.launcher.output.LineRelay} with a thread per stream of a rank, one
 * {@link org.jadi.launcher.output.OutputSink} per destination. Lock order: relay, then sink. Between them stands a
 * {@link org.jadi.launcher.output.LineTarget}: the sink itself with decorated lines, or the way to it from another host.
 *
 * <p>Must not enter: what the lines mean.
 */
package org.jadi.launcher.output;
