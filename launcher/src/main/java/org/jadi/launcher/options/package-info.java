/**
 * What the user asks of mpirun: {@link org.jadi.launcher.options.OptionParser} turns words into
 * {@link org.jadi.launcher.options.JobOptions}. All options stand in one table, from which the help and the suggestions
 * for mistyped names are made too.
 *
 * <p>Must not enter: looking at files, programs or processes. Used by the main thread alone.
 */
package org.jadi.launcher.options;
