/**
 * Programs that measure Jadi through its public API only, and check the data that they receive. The loops have a twin in C
 * under {@code bench/peers}; {@link org.jadi.bench.compare} runs both side by side.
 */
package org.jadi.bench;
