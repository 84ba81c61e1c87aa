/**
 * What can go wrong that is no mistake in the calling program.
 *
 * <p>Main type: {@link org.jadi.scopes.error.ScopeException}, unchecked. A wrong argument is an
 * {@code IllegalArgumentException}, a call at the wrong time an {@code IllegalStateException}, as everywhere.
 */
package org.jadi.scopes.error;
