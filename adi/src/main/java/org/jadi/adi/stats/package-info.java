/** Counters and the few log lines of engine and devices. Any thread. */
package org.jadi.adi.stats;
