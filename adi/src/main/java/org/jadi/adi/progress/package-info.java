/**
 * Who polls, who waits, and how: one thread polls at a time, the others park; an idle engine sleeps on one word.
 *
 * <p>Main type: {@link org.jadi.adi.progress.Progress}. Any thread may wait; virtual threads never poll, a helper thread
 * does it for them. No user code runs here.
 */
package org.jadi.adi.progress;
