/**
 * Requests and the pieces of transfer of which they consist.
 *
 * <p>A {@link org.jadi.adi.request.Car} (communication-agent request) is one piece of transfer; a
 * {@link org.jadi.adi.request.Request} is what users hold and counts its pieces. What a piece can do now is one
 * {@link org.jadi.adi.request.Progression} object; which state may follow which stands in
 * {@link org.jadi.adi.request.State}.
 *
 * <p>Thread rule: a piece's fields belong to whoever may move it: the lock that guards its queue while it is queued,
 * the polling thread afterwards. Completion is published by {@link org.jadi.adi.request.Request#isComplete}.
 */
package org.jadi.adi.request;
