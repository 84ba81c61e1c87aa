package org.jadi.mpi;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Stack traces as text, so that they are printed in one piece. */
final class Stacks {
    private Stacks() {}

    static String text(Throwable cause) {
        StringWriter text = new StringWriter();
        cause.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
