package org.jadi.adi.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jadi.adi.board.Board;
import org.jadi.adi.device.Device;
import org.jadi.adi.device.MappedMemory;
import org.jadi.adi.device.MemoryRegistration;
import org.jadi.adi.device.SharedMemory;
import org.jadi.adi.request.Request;

/** Memory that the devices of an {@link Engine} know, and memory that its rank shares with others. Any thread. */
public final class EngineMemory {
    private final Engine engine;
    private final DeviceSet devices;

    EngineMemory(Engine engine, DeviceSet devices) {
        this.engine = engine;
        this.devices = devices;
    }

    /**
     * Allocates memory that peers on this node can reach, from the first device that offers it; else ordinary native
     * memory of an automatic arena.
     */
    public MemorySegment allocate(long bytes) {
        SharedMemory shared = devices.capability(SharedMemory.class);
        return shared == null ? Arena.ofAuto().allocate(Math.max(bytes, 1), 64).asSlice(0, bytes)
                : shared.allocate(bytes);
    }

    /** Frees memory of {@link #allocate}. */
    public void free(MemorySegment memory) {
        SharedMemory shared = devices.capability(SharedMemory.class);
        if (shared != null) {
            shared.free(memory);
        }
    }

    /**
     * Makes memory known to the devices that want it, for a persistent request.
     *
     * @param peer rank in the job, or {@link Request#ANY} for all devices
     * @return what ends the registration
     */
    public Runnable register(int peer, MemorySegment memory) {
        List<Runnable> ends = new ArrayList<>();
        for (var device : peer == Request.ANY ? List.of(devices.open()) : List.of(engine.peer(peer).device)) {
            MemoryRegistration r = device.capability(MemoryRegistration.class);
            Object token = r == null ? null : r.register(memory);
            if (token != null) {
                ends.add(() -> r.unregister(token));
            }
        }
        return () -> ends.forEach(Runnable::run);
    }

    /** Returns whether messages to a rank go through memory of this node, so that a {@link Board} can be shared with it. */
    public boolean sharesMemory(int rank) {
        return rank == engine.rank() || mappedBy(rank) != null;
    }

    private MappedMemory mappedBy(int rank) {
        Device device = devices.route(rank).device();
        MappedMemory mapped = device.capability(MappedMemory.class);
        return mapped != null && mapped.reaches(rank) ? mapped : null;
    }

    /**
     * Makes our part of a board; then the names of all parts are exchanged and {@link Board#join joined}.
     *
     * @param ranks of the members in the job, two or more; memory is shared with all of them
     * @param me our place among them
     * @return null if the members are not all reached through the same device
     * @throws org.jadi.adi.device.DeviceException if there is no room
     */
    public Board createBoard(int[] ranks, int me, int chunkBytes) {
        MappedMemory mapped = null;
        for (int i = 0; i < ranks.length; i++) {
            MappedMemory m = i == me ? mapped : mappedBy(ranks[i]);
            if (i != me && (m == null || mapped != null && m != mapped)) {
                return null;
            }
            mapped = m;
        }
        return mapped == null ? null : new Board(mapped, ranks, me, chunkBytes, engine::failureOf);
    }
}
