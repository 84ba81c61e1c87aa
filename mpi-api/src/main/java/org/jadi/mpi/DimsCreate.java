package org.jadi.mpi;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Finds even grids. */
final class DimsCreate {
    private DimsCreate() {}

    static int[] of(int processes, int[] dims) {
        if (processes < 1) {
            throw new MpiException(ErrorClass.ARG, "dimsCreate: the number of processes is 1 or more: processes=" + processes);
        }
        long fixed = 1;
        int free = 0;
        for (int d : dims) {
            if (d < 0 || d > processes) {
                throw wrong(processes, dims);
            }
            fixed *= Math.max(d, 1);
            free += d == 0 ? 1 : 0;
            if (fixed > processes) {
                throw wrong(processes, dims);
            }
        }
        if (processes % fixed != 0 || free == 0 && fixed != processes) {
            throw wrong(processes, dims);
        }
        int rest = (int) (processes / fixed);
        int[] found = new int[free];
        even(rest, divisors(rest), rest, found, 0);
        int[] result = dims.clone();
        int next = 0;
        for (int i = 0; i < result.length; i++) {
            if (result[i] == 0) {
                result[i] = found[next++];
            }
        }
        return result;
    }

    /** Fills the places from one on with factors of a number, none larger than a bound; false if that cannot be done. */
    private static boolean even(int number, int[] divisors, int bound, int[] found, int place) {
        int left = found.length - place;
        if (left == 0) {
            return number == 1;
        }
        for (int f : divisors) {
            if (f > bound || f > number) {
                return false;
            }
            if (number % f == 0 && mayHold(f, left, number)) {
                found[place] = f;
                if (even(number / f, divisors, f, found, place + 1)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether some factors, none larger than one, can make up a number at all. */
    private static boolean mayHold(int largest, int factors, int number) {
        long product = 1;
        for (int i = 0; i < factors && product < number; i++) {
            product *= largest;
            if (largest == 1) {
                break;
            }
        }
        return product >= number;
    }

    private static int[] divisors(int number) {
        IntStream small = IntStream.rangeClosed(1, (int) Math.sqrt(number)).filter(d -> number % d == 0);
        int[] low = small.toArray();
        return IntStream.concat(Arrays.stream(low), Arrays.stream(low).map(d -> number / d)).distinct().sorted().toArray();
    }

    private static MpiException wrong(int processes, int[] dims) {
        return new MpiException(ErrorClass.DIMS, "dimsCreate: the fixed dimensions are positive and divide the number:"
                + " processes=" + processes + " dims=" + Arrays.toString(dims));
    }
}
