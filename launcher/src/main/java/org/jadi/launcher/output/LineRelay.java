package org.jadi.launcher.output;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Carries one stream of one rank to a target, in whole lines. A thread of its own reads; what it has read is passed on up to
 * the last end of line, and the rest waits for more, for the end of the stream, or for {@link #flushIdle}.
 */
public final class LineRelay {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int LONGEST_HELD_BYTES = 1 << 20;

    private final InputStream in;
    private final LineTarget target;
    private final Thread thread;

    // Guarded by this: what has been read and not passed on.
    private byte[] buffer = new byte[BUFFER_BYTES];
    private int held;
    private long heldSinceNanos;

    private volatile boolean waiting;
    private volatile long lastNanos = System.nanoTime();

    /** Begins to carry. */
    public LineRelay(String name, InputStream in, LineTarget target) {
        this.in = in;
        this.target = target;
        thread = new Thread(null, this::run, name, BUFFER_BYTES);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Waits until the stream has ended and all has been passed on. Gives up when nothing has come for a while: then some
     * process that the rank left behind keeps the stream open.
     */
    public void finish(long quietMillis) throws InterruptedException {
        while (thread.isAlive()) {
            thread.join(quietMillis / 4 + 1);
            if (waiting && System.nanoTime() - lastNanos > quietMillis * 1_000_000) {
                return;
            }
        }
    }

    /** Passes on a line without end that has been waiting for so long, such as a question to the user. */
    public synchronized void flushIdle(long nanos) {
        if (held > 0 && System.nanoTime() - heldSinceNanos > nanos) {
            pass(held);
        }
    }

    private void run() {
        byte[] chunk = new byte[BUFFER_BYTES];
        try {
            while (true) {
                waiting = true;
                int count = in.read(chunk);
                waiting = false;
                lastNanos = System.nanoTime();
                if (count < 0) {
                    break;
                }
                take(chunk, count);
            }
        } catch (IOException e) {
            // The stream was closed under us: as good as its end.
        }
        synchronized (this) {
            pass(held);
        }
    }

    private synchronized void take(byte[] chunk, int count) {
        if (held + count > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, held + count));
        }
        System.arraycopy(chunk, 0, buffer, held, count);
        int end = lastLineEnd(held, held + count);
        held += count;
        if (end > 0 || held > LONGEST_HELD_BYTES) {
            pass(end > 0 ? end : held);
        }
        heldSinceNanos = System.nanoTime();
    }

    private int lastLineEnd(int from, int to) {
        for (int i = to; i > from; i--) {
            // A carriage return ends a line too: progress displays write nothing else for minutes.
            if (buffer[i - 1] == '\n' || buffer[i - 1] == '\r') {
                return i;
            }
        }
        return 0;
    }

    private void pass(int count) {
        if (count == 0) {
            return;
        }
        target.write(buffer, count);
        System.arraycopy(buffer, count, buffer, 0, held - count);
        held -= count;
    }
}
