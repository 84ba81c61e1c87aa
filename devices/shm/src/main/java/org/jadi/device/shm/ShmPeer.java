package org.jadi.device.shm;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A rank of this node as seen from here: its segment, and the windows of its heap that were fetched from. */
final class ShmPeer implements AutoCloseable {
    private final ShmSegment segment;
    private final Arena arena = Arena.ofShared();
    private final Map<Long, MemorySegment> windows = new ConcurrentHashMap<>();

    /** OWNER: the device's lock. Made at the first connect. */
    ShmEndpoint endpoint;

    ShmPeer(ShmSegment segment) {
        this.segment = segment;
    }

    ShmSegment segment() {
        return segment;
    }

    /** Copies out of the peer's heap; false if it cannot be mapped. */
    boolean fetch(long fileOffset, MemorySegment target, long targetOffset, long length, Natives natives) {
        for (long done = 0; done < length;) {
            long at = fileOffset + done;
            long inWindow = (at - segment.heap()) % ShmHeap.WINDOW_BYTES;
            MemorySegment window = window((at - segment.heap()) / ShmHeap.WINDOW_BYTES);
            if (window == null) {
                return false;
            }
            long n = Math.min(length - done, window.byteSize() - inWindow);
            natives.copyLarge(window, inWindow, target, targetOffset + done, n);
            done += n;
        }
        return true;
    }

    private MemorySegment window(long index) {
        return windows.computeIfAbsent(index, i -> {
            long start = segment.heap() + i * ShmHeap.WINDOW_BYTES;
            try {
                long bytes = Math.min(ShmHeap.WINDOW_BYTES, segment.channel().size() - start);
                return bytes <= 0 ? null
                        : segment.channel().map(FileChannel.MapMode.READ_WRITE, start, bytes, arena);
            } catch (IOException e) {
                return null;
            }
        });
    }

    @Override
    public void close() {
        arena.close();
        segment.close();
    }
}
