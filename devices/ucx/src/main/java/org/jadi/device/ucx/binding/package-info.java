/**
 * The calls into UCX, and nothing else: jucx for the life cycle of context, worker, endpoints and memory
 * ({@link org.jadi.device.ucx.binding.UcxSession}), and on the same native handles either the FFM API
 * ({@link org.jadi.device.ucx.binding.FfmTransport}) or jucx again ({@link org.jadi.device.ucx.binding.JucxTransport}) for
 * what happens with each message.
 *
 * <p>Thread rule: a worker is used by one thread at a time. The device holds its lock for every call in this package that
 * takes a worker, an endpoint or a request.
 */
package org.jadi.device.ucx.binding;
