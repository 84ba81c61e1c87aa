/** The calls into libc, and nothing else. Loaded when first needed, because linking costs tens of milliseconds. */
package org.jadi.device.shm.binding;
