package org.jadi.system;

import org.jadi.mpi.IntraComm;
import org.jadi.mpi.Mpi;

/**
 * A program of three ranks in which it is certain who calls whom, where 1 and 2 reach each other through 0 only. Rank 1 is to
 * report its devices, and so has called rank 2 when it begins. Rank 2 begins nothing with rank 1 before a word of rank 1 by way
 * of rank 0 has come, which takes the way of the call, behind it.
 */
public final class Callers {
    private static final int WORD = 1;
    private static final int END = 2;

    private Callers() {}

    /** Runs as a rank. */
    public static void main(String[] args) {
        try (Mpi mpi = Mpi.init(args)) {
            IntraComm world = mpi.world();
            int[] word = {world.rank()};
            switch (world.rank()) {
                case 0 -> {
                    world.recv(word, 1, WORD);
                    world.send(word, 2, WORD);
                    world.recv(word, 1, END); // who relays must not go before
                    world.recv(word, 2, END);
                }
                case 1 -> {
                    world.send(word, 0, WORD);
                    world.send(word, 2, WORD);
                    world.recv(word, 2, WORD);
                    world.send(word, 0, END);
                }
                default -> {
                    world.recv(word, 0, WORD);
                    world.recv(word, 1, WORD);
                    System.out.print("rank 2 has the word of rank " + word[0] + "\n");
                    world.send(word, 1, WORD);
                    world.send(word, 0, END);
                }
            }
        }
    }
}
