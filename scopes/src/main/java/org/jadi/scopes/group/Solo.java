package org.jadi.scopes.group;

import java.time.Duration;
import java.util.List;

/** A group of one. Immutable. Any thread. */
public final class Solo implements Group {
    /** The only one there need be. */
    public static final Solo GROUP = new Solo();

    private Solo() {}

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public int size() {
        return 1;
    }

    @Override
    public List<byte[]> allgather(byte[] mine) {
        return List.of(mine);
    }

    @Override
    public boolean barrier(Duration limit) {
        return true;
    }

    @Override
    public void barrier() {
        // Everybody is here.
    }

    @Override
    public Group split(int color, int key) {
        return color < 0 ? null : this;
    }

    @Override
    public void close() {
        // Nobody waits for anybody.
    }
}
