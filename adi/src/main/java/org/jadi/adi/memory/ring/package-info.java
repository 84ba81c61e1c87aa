/** Rings between processes that see the same memory, whatever brought it about; for devices. */
package org.jadi.adi.memory.ring;
