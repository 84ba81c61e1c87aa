/**
 * Where pictures of machines come from: hwloc, found in several places and tried before it is trusted; hwloc's XML; the
 * kernel's files where there is no hwloc.
 *
 * <p>Main type: {@link org.jadi.scopes.load.Topologies}. Any thread.
 */
package org.jadi.scopes.load;
