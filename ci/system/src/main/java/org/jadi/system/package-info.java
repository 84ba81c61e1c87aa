/**
 * Behaviours of an MPI library, written from the text of the standard; {@link org.jadi.system.Behaviours} runs them all in
 * one job. Uses the public API only.
 */
package org.jadi.system;
