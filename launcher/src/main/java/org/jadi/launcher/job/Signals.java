package org.jadi.launcher.job;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;

/**
 * Signals to mpirun and to ranks. {@code sun.misc.Signal} is the only way to hear of them in Java; it is used by
 * reflection, because the compiler's warning about it can be neither heeded nor suppressed.
 */
public final class Signals {
    private static final String[] HEARD = {"INT", "TERM", "HUP", "USR1", "USR2", "TSTP", "CONT"};

    private Signals() {
    }

    /** Puts each signal that mpirun receives from now on into a queue. */
    public static void listen(BlockingQueue<JobEvent> events) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Method name = signal.getMethod("getName");
            Method number = signal.getMethod("getNumber");
            Method handle = signal.getMethod("handle", signal, handler);
            InvocationHandler onSignal = (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                    events.add(new JobEvent.Signalled((String) name.invoke(arguments[0]), (int) number.invoke(arguments[0])));
                }
                return null;
            };
            Object listener = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, onSignal);
            for (String heard : HEARD) {
                listenTo(handle, signal.getConstructor(String.class).newInstance(heard), listener);
            }
        } catch (ReflectiveOperationException e) {
            // A JVM without the module jdk.unsupported: signals end mpirun, and the kernel ends its children.
        }
    }

    private static void listenTo(Method handle, Object signal, Object listener) {
        try {
            handle.invoke(null, signal, listener);
        } catch (ReflectiveOperationException e) {
            // The JVM keeps some signals (USR2) for itself.
        }
    }

    /** Stops this process, as a terminal's Ctrl-Z does where nobody listens for it. Returns when it is continued. */
    static void stopThis() {
        send("STOP", List.of(ProcessHandle.current().pid()));
    }

    /** Sends a signal to processes; by the shell's own command, as Java can send only TERM and KILL. */
    static void send(String name, List<Long> pids) {
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", "kill -s \"$0\" \"$@\"", name));
        for (Long pid : pids) {
            words.add(pid.toString());
        }
        if (pids.isEmpty()) {
            return;
        }
        try {
            new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start()
                    .waitFor();
        } catch (IOException e) {
            // No shell: the signal is lost, the job goes on.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
