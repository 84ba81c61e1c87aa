/**
 * The engine: peers, protocols and the operations on which the public API stands.
 *
 * <p>{@link org.jadi.adi.engine.Engine} is an object; several may live in one JVM. {@link org.jadi.adi.engine.Peer} holds
 * what concerns one other rank: device, send queue, credit, posted receives. {@link org.jadi.adi.engine.Outbound} pushes
 * sends, {@link org.jadi.adi.engine.Inbound} dispatches what arrives.
 *
 * <p>Thread rule: the operations may be called by any thread. Locks and their order: {@code docs/locks.md}.
 */
package org.jadi.adi.engine;
