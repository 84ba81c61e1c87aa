package org.jadi.mpi.launch;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jadi.bootstrap.LocalBootstrap;

/**
 * Runs a program with its ranks as threads of this JVM: {@code InProcess RANKS MAIN_CLASS [ARGUMENT...]}.
 *
 * <p>Each rank has a class loader of its own for the program's classes. An exception that a rank does not catch ends the
 * job: it is printed once with the rank, and the exit code is 1. {@code System.exit} ends all ranks.
 */
public final class InProcess {
    private InProcess() {}

    /** Entry of the program. */
    public static void main(String[] args) {
        int ranks = args.length < 2 || !args[0].matches("[1-9][0-9]{0,4}") ? 0 : Integer.parseInt(args[0]);
        if (ranks == 0) {
            System.err.println("usage: InProcess RANKS MAIN_CLASS [ARGUMENT...], with 1 to 99999 ranks");
            System.exit(2);
        }
        int code = run(ranks, args[1], Arrays.copyOfRange(args, 2, args.length));
        if (code != 0) {
            System.out.flush();
            Runtime.getRuntime().halt(code);
        }
    }

    /** Runs a program; returns its exit code. */
    static int run(int ranks, String mainClass, String[] args) {
        LocalJob job = new LocalJob(ranks);
        Thread.setDefaultUncaughtExceptionHandler(InProcess::onUncaught);
        LocalJob.Failure failure = job.run(null, loaders(job), place -> invokeMain(mainClass, args.clone()));
        if (failure == null) {
            return 0;
        }
        System.out.flush();
        LocalBootstrap.Abort abort = job.places().getFirst().aborted();
        boolean called = abort.reason().contains(LocalJob.CALLED);
        System.err.print(called ? "jadi: the job was aborted with code " + abort.code() + ": " + abort.reason() + "\n"
                : "rank " + failure.rank() + ": exception in thread \"rank-" + failure.rank() + "\" " + text(failure.cause()));
        if (failure.stuck()) {
            System.err.println("jadi: ranks that did not end after that were stopped");
        }
        return abort.code();
    }

    /** A thread that the program itself has started. */
    private static void onUncaught(Thread thread, Throwable cause) {
        System.out.flush();
        ClassLoader loader = thread.getContextClassLoader();
        System.err.print((loader instanceof RankLoader r ? r.getName().replace('-', ' ') + ": " : "") + "exception in thread \""
                + thread.getName() + "\" " + text(cause));
        Runtime.getRuntime().halt(1);
    }

    private static List<RankLoader> loaders(LocalJob job) {
        URL[] classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(InProcess::url).toArray(URL[]::new);
        List<RankLoader> loaders = new ArrayList<>();
        job.places().forEach(p -> loaders.add(new RankLoader(classPath, InProcess.class.getClassLoader(), p)));
        return loaders;
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Follows the JDK's launcher: a static or an instance main, with or without arguments. */
    private static void invokeMain(String name, String[] args) throws Throwable {
        Class<?> type = Class.forName(name, true, Thread.currentThread().getContextClassLoader());
        Method main = findMain(type);
        Object target = null;
        if (!Modifier.isStatic(main.getModifiers())) {
            Constructor<?> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            target = constructor.newInstance();
        }
        main.setAccessible(true);
        try {
            if (main.getParameterCount() == 0) {
                main.invoke(target);
            } else {
                main.invoke(target, (Object) args);
            }
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static Method findMain(Class<?> type) throws NoSuchMethodException {
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            for (Class<?>[] parameters : List.of(new Class<?>[] {String[].class}, new Class<?>[0])) {
                try {
                    return c.getDeclaredMethod("main", parameters);
                } catch (NoSuchMethodException e) {
                    continue;
                }
            }
        }
        throw new NoSuchMethodException("class " + type.getName() + " has no method main");
    }

    private static String text(Throwable cause) {
        StringWriter text = new StringWriter();
        cause.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
