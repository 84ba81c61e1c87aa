package org.jadi.scopes.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Starts processes that run classes of these tests; after each test none is left: some would run for ever where a test fails. */
public final class OtherJvms implements AfterEachCallback {
    private final List<Process> started = new ArrayList<>();

    /** Has started none yet. */
    public OtherJvms() {}

    /**
     * Starts a JVM on the class path of this one, which says on its standard error what goes wrong.
     *
     * @param options of the JVM
     * @param program has the main method
     * @param arguments of the program
     */
    public Process start(List<String> options, Class<?> program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-ea", "-cp", System.getProperty("java.class.path")));
        command.addAll(options);
        command.add(program.getName());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        started.add(process);
        return process;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        started.forEach(Process::destroyForcibly);
        started.clear();
    }
}
