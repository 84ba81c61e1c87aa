package org.jadi.launcher.output;

/** One stream of one rank on its way to a sink: adds the decoration of its lines. Used by one thread at a time. */
public final class RankStream implements LineTarget {
    private final OutputSink sink;
    private final LineDecoration decoration;
    private boolean insideLine;

    /** Creates a stream that goes to a sink. */
    public RankStream(OutputSink sink, LineDecoration decoration) {
        this.sink = sink;
        this.decoration = decoration;
    }

    @Override
    public void write(byte[] bytes, int count) {
        if (count == 0) {
            return;
        }
        if (decoration.isEmpty()) {
            sink.write(this, bytes, 0, count);
        } else {
            byte[] decorated = decoration.decorate(bytes, count, insideLine);
            sink.write(this, decorated, 0, decorated.length);
        }
        insideLine = bytes[count - 1] != '\n' && bytes[count - 1] != '\r';
    }
}
