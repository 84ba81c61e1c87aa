package org.jadi.launcher.output;

import java.io.FileOutputStream;
import java.io.IOException;

/**
 * Where the lines of several ranks go: our standard output or error, or a file. Each write is whole lines of one rank; the
 * monitor keeps them apart.
 */
public final class OutputSink {
    private final FileOutputStream out;
    private final Runnable onGone;
    private boolean gone;
    private boolean atLineStart = true;
    private Object lastWriter;

    /**
     * Creates a sink.
     *
     * @param onGone runs once, when nobody reads any more (a closed pipe, a full disk)
     */
    public OutputSink(FileOutputStream out, Runnable onGone) {
        this.out = out;
        this.onGone = onGone;
    }

    /**
     * Writes. A last line without end is completed if another writer comes next, so that lines never mix.
     *
     * @param writer who writes
     */
    public void write(Object writer, byte[] bytes, int from, int count) {
        boolean first;
        synchronized (this) {
            if (gone || count == 0) {
                return;
            }
            try {
                if (!atLineStart && lastWriter != writer) {
                    out.write('\n');
                }
                out.write(bytes, from, count);
                byte last = bytes[from + count - 1];
                atLineStart = last == '\n' || last == '\r';
                lastWriter = writer;
                return;
            } catch (IOException e) {
                first = !gone;
                gone = true;
            }
        }
        if (first) {
            onGone.run();
        }
    }
}
