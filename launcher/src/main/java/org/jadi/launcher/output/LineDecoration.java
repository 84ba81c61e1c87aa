package org.jadi.launcher.output;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;

/** What stands before each line of a rank: its number, in a colour on a terminal, and the time. */
public final class LineDecoration {
    private static final int[] COLOURS = {32, 33, 34, 35, 36, 92, 93, 94, 95, 96};

    private final byte[] tag;
    private final DateTimeFormatter clock;

    private LineDecoration(byte[] tag, DateTimeFormatter clock) {
        this.tag = tag;
        this.clock = clock;
    }

    /** Returns the decoration for the lines of a rank. */
    public static LineDecoration of(int rank, boolean tagged, boolean coloured, boolean timed) {
        String text = "";
        if (tagged) {
            text = "[" + rank + "] ";
            if (coloured) {
                text = "\u001b[" + COLOURS[rank % COLOURS.length] + "m[" + rank + "]\u001b[0m ";
            }
        }
        return new LineDecoration(text.getBytes(StandardCharsets.US_ASCII),
                timed ? DateTimeFormatter.ofPattern("HH:mm:ss.SSS ") : null);
    }

    /** Returns whether lines stay as they are. */
    public boolean isEmpty() {
        return tag.length == 0 && clock == null;
    }

    /** Returns the lines with their decoration; the first gets none if it goes on with a line that has begun. */
    byte[] decorate(byte[] lines, int count, boolean insideLine) {
        byte[] time = clock == null ? new byte[0] : LocalTime.now().format(clock).getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream out = new ByteArrayOutputStream(count + count / 4 + 64);
        boolean begin = !insideLine;
        int from = 0;
        for (int i = 0; i < count; i++) {
            boolean end = lines[i] == '\n' || lines[i] == '\r' && !(i + 1 < count && lines[i + 1] == '\n');
            if (end || i == count - 1) {
                if (begin) {
                    out.writeBytes(time);
                    out.writeBytes(tag);
                }
                out.write(lines, from, i + 1 - from);
                from = i + 1;
                begin = true;
            }
        }
        return out.toByteArray();
    }
}
