package org.jadi.launcher.remote;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Queue;

/** Sends frames on a thread of its own, in their order, so that nobody waits for the other side. */
final class FrameSender {
    private static final int BUFFER_BYTES = 1 << 16;

    private final DataOutputStream out;
    private final Thread thread;

    // Guarded by this.
    private final Queue<Frame> queue = new ArrayDeque<>();
    private boolean closed;
    private boolean idle;

    FrameSender(String name, OutputStream out) {
        this.out = new DataOutputStream(new BufferedOutputStream(out, BUFFER_BYTES));
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Queues a frame; does nothing once the other side is gone. */
    synchronized void send(Frame frame) {
        if (!closed) {
            queue.add(frame);
            notifyAll();
        }
    }

    /** Waits until all that is queued has been sent, for so long at most. */
    synchronized void drain(long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        for (long left = millis; left > 0 && !closed && !(queue.isEmpty() && idle); left = (end - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
    }

    /** Sends what is queued and ends the stream. Waits for so long at most. */
    void close(long millis) {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            thread.join(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (out) {
            for (Frame frame = next(); frame != null; frame = next()) {
                frame.write(out);
            }
        } catch (IOException | InterruptedException e) {
            // The other side is gone. Our reader sees that too, and says so.
            synchronized (this) {
                closed = true;
                queue.clear();
            }
        }
    }

    private Frame next() throws InterruptedException, IOException {
        synchronized (this) {
            if (!queue.isEmpty()) {
                return queue.remove();
            }
        }
        out.flush();
        synchronized (this) {
            idle = true;
            notifyAll();
            while (queue.isEmpty() && !closed) {
                wait();
            }
            idle = false;
            return queue.poll();
        }
    }
}
