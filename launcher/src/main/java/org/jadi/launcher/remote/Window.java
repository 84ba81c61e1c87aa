package org.jadi.launcher.remote;

/** Bounds the bytes that are on their way to a reader that may be slow. */
final class Window {
    private long left;

    Window(long bytes) {
        left = bytes;
    }

    /** Waits until there is room, and takes it. A piece larger than the window goes when there is any room. */
    synchronized void take(int bytes) throws InterruptedException {
        while (left <= 0) {
            wait();
        }
        left -= bytes;
    }

    /** Gives room back. */
    synchronized void give(long bytes) {
        left += bytes;
        notifyAll();
    }
}
