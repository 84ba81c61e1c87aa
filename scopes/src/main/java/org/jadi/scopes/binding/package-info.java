/**
 * The calls into hwloc and into the kernel, and nothing else: no decisions, no state. Linked when first needed, because that
 * costs tens of milliseconds.
 */
package org.jadi.scopes.binding;
