package org.jadi.bench.compare;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/** kill(2) without a process for each signal, since a slice takes only milliseconds. */
final class Signals {

    static final int KILL = 9;
    static final int CONT = 18;
    static final int STOP = 19;

    private final MethodHandle kill;

    @SuppressWarnings("restricted") // kill(2) has no other way in
    Signals() {
        Linker linker = Linker.nativeLinker();
        kill = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("kill"), FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    }

    void send(long pid, int signal) {
        try {
            int ignored = (int) kill.invokeExact((int) pid, signal); // a process that is gone needs no signal
        } catch (Throwable t) {
            throw new IllegalStateException("kill", t);
        }
    }
}
