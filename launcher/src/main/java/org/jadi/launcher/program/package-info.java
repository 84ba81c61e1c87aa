/**
 * What a program is and how it is started: {@link org.jadi.launcher.program.ProgramResolver} turns the user's words into
 * a {@link org.jadi.launcher.program.Command}, {@link org.jadi.launcher.program.JvmFlags} sizes a rank's JVM to its share
 * of the host.
 *
 * <p>Must not enter: processes and jobs; nothing here is started. Used by the main thread alone.
 */
package org.jadi.launcher.program;
