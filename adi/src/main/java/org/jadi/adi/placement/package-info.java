/**
 * Where helper threads run. Main types: {@link org.jadi.adi.placement.ThreadPlacement}, the service that knows the hardware (the
 * engine does not), and {@link org.jadi.adi.placement.PlacedThreads}, which asks it. Any thread.
 */
package org.jadi.adi.placement;
