/**
 * Matching of messages with receives, once for all devices.
 *
 * <p>{@link org.jadi.adi.match.Matcher} holds the rules; {@link org.jadi.adi.match.PeerMatch} the receives posted to one
 * source; {@link org.jadi.adi.match.Arrival} a message that nobody had asked for. Queues are binned by (context, source,
 * tag), so that the cost of a match does not grow with their length.
 *
 * <p>Thread rule: <em>find-or-post</em> and <em>match-or-store</em> are atomic steps. Lock order: the peer's lock, then
 * the lock of the unexpected queue and the wildcard receives. Nothing here copies data, sends or waits.
 */
package org.jadi.adi.match;
