package org.jadi.launcher.program;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jadi.launcher.LauncherException;
import org.jadi.launcher.options.ProgramSpec;

/** Finds out what a program's words mean, and makes the command that is started for it. */
public final class ProgramResolver {
    private static final String BENCH_WORD = "bench";
    private static final String BENCH_MAIN = "org.jadi.bench.Main";
    private static final String JAVA = "java";
    private static final List<String> CLASS_PATH_OPTIONS = List.of("-cp", "-classpath", "--class-path");

    private final Distribution distribution;
    private final Map<String, String> environment;
    private final String ourJava;

    /**
     * Resolves for one distribution.
     *
     * @param java the java of ranks, or null for the one that mpirun itself runs on
     */
    public ProgramResolver(Distribution distribution, Map<String, String> environment, String java) {
        this.distribution = distribution;
        this.environment = environment;
        this.ourJava = java == null ? System.getProperty("java.home") + "/bin/java" : java;
    }

    /**
     * Resolves a program; compiles it first if it is a source file.
     *
     * @throws LauncherException if it is not there or does not compile
     */
    public Command resolve(ProgramSpec spec) {
        List<String> words = spec.words();
        String first = words.get(0);
        if (first.endsWith(".java")) {
            return source(spec, first);
        }
        if (first.endsWith(".jar")) {
            String jar = existing(first).getAbsolutePath();
            return jvm(ourJava, List.of(), joined(jar, spec.classPath()), mainClassOf(jar), rest(words, 1));
        }
        if (first.equals(JAVA) || first.endsWith("/java")) {
            return java(first.equals(JAVA) ? ourJava : first, words);
        }
        if (spec.classPath() != null) {
            return mainClass(spec, first);
        }
        if (first.equals(BENCH_WORD)) {
            if (distribution.bench() == null) {
                throw new LauncherException(LauncherException.NOT_FOUND,
                        "this Jadi has no benchmarks: no jadi-bench jar among " + distribution.classPath());
            }
            return jvm(ourJava, List.of(), distribution.bench(), BENCH_MAIN, rest(words, 1));
        }
        List<String> command = new ArrayList<>(words);
        command.set(0, executable(first, spec.workingDirectory()));
        return new Command(command, null);
    }

    /** Returns the command for a main class of Jadi's own. */
    public Command tool(String mainClass, List<String> arguments) {
        ClassLookup.require(mainClass, "", distribution);
        return jvm(ourJava, List.of(), "", mainClass, arguments);
    }

    /** Returns the command that runs a JVM program's ranks as threads: the same JVM with another main class before it. */
    public Command inProcess(String mainClass, int ranks, Command program) {
        ClassLookup.require(mainClass, "", distribution);
        int classPath = program.isJvm() ? program.jvmWords().indexOf("-cp") : -1;
        if (classPath < 0) {
            throw new LauncherException(LauncherException.USAGE, "--in-process runs Java programs only: program="
                    + program.words().get(0));
        }
        List<String> words = new ArrayList<>(program.jvmWords());
        words.addAll(classPath + 2, List.of(mainClass, Integer.toString(ranks)));
        return new Command(program.words(), words);
    }

    private Command source(ProgramSpec spec, String file) {
        existing(file);
        String libraries = joined(distribution.classPath(), absolute(spec.classPath()));
        SourceProgram program = SourceProgram.compiled(new File(file).toPath(), libraries, distribution.fingerprint(),
                environment);
        return jvm(ourJava, List.of(), joined(program.classes().toString(), absolute(spec.classPath())), program.mainClass(),
                rest(spec.words(), 1));
    }

    private Command mainClass(ProgramSpec spec, String name) {
        ClassLookup.require(name, spec.classPath(), distribution);
        return jvm(ourJava, List.of(), absolute(spec.classPath()), name, rest(spec.words(), 1));
    }

    private Command jvm(String java, List<String> options, String classPath, String mainClass, List<String> arguments) {
        List<String> tail = new ArrayList<>(options);
        tail.add("-cp");
        tail.add(joined(distribution.classPath(), classPath));
        tail.add(mainClass);
        tail.addAll(arguments);
        return new Command(List.of(java), tail);
    }

    /** {@code java options... Main args}: the options are kept, the class path is extended. */
    private Command java(String java, List<String> words) {
        List<String> options = new ArrayList<>();
        String classPath = environment.getOrDefault("CLASSPATH", ".");
        int at = 1;
        while (at < words.size() && words.get(at).startsWith("-")) {
            String word = words.get(at);
            if (CLASS_PATH_OPTIONS.contains(word) && at + 1 < words.size()) {
                classPath = words.get(++at);
            } else if (word.startsWith("--class-path=")) {
                classPath = word.substring("--class-path=".length());
            } else if (word.equals("-jar") && at + 1 < words.size()) {
                // With -jar the JVM ignores every class path, so Jadi's jars would not be found.
                String jar = words.get(at + 1);
                return jvm(java, options, jar, mainClassOf(existing(jar).getPath()), rest(words, at + 2));
            } else {
                options.add(word);
                if (takesWord(word) && at + 1 < words.size()) {
                    options.add(words.get(++at));
                }
            }
            at++;
        }
        options.add("-cp");
        options.add(joined(distribution.classPath(), classPath));
        options.addAll(words.subList(at, words.size()));
        return new Command(List.of(java), options);
    }

    private static boolean takesWord(String option) {
        return switch (option) {
            case "-p", "--module-path", "--upgrade-module-path", "--add-modules", "--add-exports", "--add-opens",
                    "--add-reads", "--limit-modules", "--patch-module", "--enable-native-access", "--source",
                    "-m", "--module", "-d", "--describe-module" -> true;
            default -> false;
        };
    }

    private static String mainClassOf(String jar) {
        try (JarFile file = new JarFile(jar)) {
            Manifest manifest = file.getManifest();
            String name = manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
            if (name != null) {
                return name.strip();
            }
        } catch (IOException e) {
            throw new LauncherException(1, "cannot read the jar: file=" + jar + " (" + e.getMessage() + ")", e);
        }
        throw new LauncherException(1, "the jar names no Main-Class in its manifest: file=" + jar
                + "; use mpirun -cp " + jar + " MAIN-CLASS");
    }

    private static File existing(String name) {
        File file = new File(name);
        if (!file.isFile()) {
            throw new LauncherException(LauncherException.NOT_FOUND, "program not found: " + name + " (looked in "
                    + System.getProperty("user.dir") + ")");
        }
        return file;
    }

    private String executable(String name, String workingDirectory) {
        if (name.indexOf('/') >= 0) {
            File here = new File(name);
            File there = workingDirectory == null ? here : new File(workingDirectory, name);
            File file = here.isFile() ? here : there;
            if (file.isFile() && file.canExecute()) {
                return file.getAbsolutePath();
            }
            throw new LauncherException(LauncherException.NOT_FOUND, "program not found: " + name
                    + (file.isFile() ? " is not executable (chmod +x)" : " (no such file)"));
        }
        for (String folder : environment.getOrDefault("PATH", "/usr/bin:/bin").split(File.pathSeparator)) {
            File file = new File(folder, name);
            if (file.isFile() && file.canExecute()) {
                return file.getPath();
            }
        }
        throw new LauncherException(LauncherException.NOT_FOUND, "program not found: " + name
                + " is no command on PATH; a Java class needs -cp, a source file its .java");
    }

    /** Class paths are meant from where the user typed them, also when ranks work in another folder. */
    private static String absolute(String classPath) {
        if (classPath == null) {
            return "";
        }
        StringBuilder path = new StringBuilder();
        for (String entry : classPath.split(File.pathSeparator)) {
            path.append(path.isEmpty() ? "" : File.pathSeparator);
            path.append(new File(entry.isEmpty() ? "." : entry).getAbsolutePath());
        }
        return path.toString();
    }

    private static String joined(String a, String b) {
        if (a == null || a.isEmpty()) {
            return b == null ? "" : b;
        }
        return b == null || b.isEmpty() ? a : a + File.pathSeparator + b;
    }

    private static List<String> rest(List<String> words, int from) {
        return words.subList(Math.min(from, words.size()), words.size());
    }
}
