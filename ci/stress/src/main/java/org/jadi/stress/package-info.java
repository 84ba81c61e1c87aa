/**
 * jcstress tests of the shipped classes. Every test says what each outcome means; states are made in masses, so memory
 * comes from the heap and no state owns an arena. No test has more than two actors: jcstress leaves out, in silence, what
 * has more actors than the machine has CPUs. Classes of devices are tested from their own packages.
 */
package org.jadi.stress;
