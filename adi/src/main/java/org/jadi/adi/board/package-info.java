/**
 * Shared memory for the collective operations of ranks on one node: a {@link org.jadi.adi.board.Board} of parts that one rank
 * each writes and all read, and {@link org.jadi.adi.board.SharedTask}s, which move on when others have written.
 */
package org.jadi.adi.board;
