/** How memory is moved; for engine and devices. */
package org.jadi.adi.memory;
