/**
 * Scopes: hardware as objects that programs split, bind and hand over.
 *
 * <p>Main types: {@link org.jadi.scopes.Scopes}, the entry, and {@link org.jadi.scopes.Scope}, some CPUs and devices shared by a
 * group.
 *
 * <pre>{@code
 * try (Scopes scopes = Scopes.open()) {
 *     Scope mine = scopes.user();
 *     List<Scope> halves = mine.splitAll(2, CutPolicy.WHOLE_CORES);
 *     try (Binding binding = halves.get(0).push()) {
 *         ...                                   // this thread runs on the first half
 *     }
 * }
 * }</pre>
 *
 * <p>Threads: {@link org.jadi.scopes.Scopes} may be used by any. A scope with a group of several belongs to one member, whose
 * calls on it are one at a time. A binding belongs to its thread. Nothing of this holds native memory.
 *
 * <p>A wrong argument is an {@code IllegalArgumentException}, a call at the wrong time an {@code IllegalStateException}, everything
 * else a {@link org.jadi.scopes.error.ScopeException}. What goes wrong in a collective call goes wrong for all members alike.
 */
package org.jadi.scopes;
