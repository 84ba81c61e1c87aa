/**
 * jcstress tests of the shipped classes. Every test says what each outcome means; states are made in masses, so memory
 * comes from the heap and no state owns an arena. Classes of devices are tested from their own packages.
 */
package org.jadi.stress;
