/**
 * Binding of threads to CPUs, and of memory to nodes.
 *
 * <p>Main type: {@link org.jadi.scopes.bind.ThreadBinder}: {@code try (var binding = binder.push(cpus)) {...}}. Every thread
 * has a stack of its own; a {@link org.jadi.scopes.bind.Binding} belongs to the thread that made it. Virtual threads are
 * refused, because their carrier would be bound instead, and stay so for others.
 *
 * <p>What a bound thread starts inherits its mask: threads, carriers of virtual threads, workers of the common pool, child
 * processes; and {@code Runtime.availableProcessors()} tells it the size of its mask. So start pools outside a binding, or
 * with a factory of the binder.
 */
package org.jadi.scopes.bind;
