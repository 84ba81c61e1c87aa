/**
 * Carries what ranks print to where the user sees it, in whole lines.
 *
 * <p>One {@link org.jadi.launcher.output.LineRelay} with a thread per stream of a rank, one
 * {@link org.jadi.launcher.output.OutputSink} per destination. Lock order: relay, then sink.
 *
 * <p>Must not enter: what the lines mean.
 */
package org.jadi.launcher.output;
