package org.jadi.adi.request;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * The pieces that a peer may still answer, by their id on the wire: slot in the low 32 bits, generation above. A late
 * answer for a slot that was used again finds another generation, and is dropped. Any thread.
 */
public final class CarTable {
    private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(Car[].class);

    private volatile Car[] slots = new Car[16];
    private int[] generations = new int[16];
    private int[] free = new int[16];
    private int freeCount;

    /** Creates an empty table. */
    public CarTable() {
        addFree(0, 16);
    }

    /** Gives a piece an id. */
    public synchronized void add(Car car) {
        if (freeCount == 0) {
            grow();
        }
        int slot = free[--freeCount];
        if (++generations[slot] == 0) {
            generations[slot] = 1; // or slot 0 would give the id 0, which means none
        }
        car.request.keep();
        car.id = (long) generations[slot] << 32 | slot;
        SLOTS.setRelease(slots, slot, car);
    }

    /** Returns the piece with an id, or null if it is not there any more. */
    public Car get(long id) {
        Car[] s = slots;
        int slot = (int) id;
        if (slot < 0 || slot >= s.length) {
            return null;
        }
        Car car = (Car) SLOTS.getAcquire(s, slot);
        return car != null && car.id == id ? car : null;
    }

    /** Takes a piece out; returns false if another thread was first. */
    public synchronized boolean remove(Car car) {
        int slot = (int) car.id;
        if (car.id == 0 || slots[slot] != car) {
            return false;
        }
        slots[slot] = null;
        free[freeCount++] = slot;
        car.id = 0;
        return true;
    }

    /** Returns the pieces in the table. */
    public synchronized List<Car> snapshot() {
        List<Car> all = new ArrayList<>();
        for (Car car : slots) {
            if (car != null) {
                all.add(car);
            }
        }
        return all;
    }

    private void grow() {
        int old = slots.length;
        int now = old * 2;
        generations = java.util.Arrays.copyOf(generations, now);
        free = new int[now];
        addFree(old, now);
        slots = java.util.Arrays.copyOf(slots, now);
    }

    private void addFree(int from, int to) {
        for (int slot = to - 1; slot >= from; slot--) {
            free[freeCount++] = slot;
        }
    }
}
