/**
 * How a group divides hardware among its members: pieces, colors, mappings, devices; and how some of it is chosen.
 *
 * <p>Main type: {@link org.jadi.scopes.split.SplitPlan}, a pure function: every member of a group calculates the whole plan
 * from the same data and takes its part, so all come to the same result or the same error. Any thread.
 *
 * <p>Must not enter: communication, binding, who holds what.
 */
package org.jadi.scopes.split;
