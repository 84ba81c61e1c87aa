package org.jadi.launcher.remote;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jadi.launcher.LauncherException;
import org.jadi.launcher.job.JobPlan;
import org.jadi.launcher.job.ProgramPlan;
import org.jadi.launcher.program.Command;

/**
 * Prepares a job for hosts that share no file system with this one: the class paths of its Java programs become files that
 * are staged, and so does the agent itself. Hosts need a Java and nothing else.
 */
final class Staging {
    /** Stands in class paths for the folder of staged files on a host. */
    static final String FOLDER = "{staged}";

    private static final String CLASS_PATH = "-cp";

    /**
     * Receives the agent, if this host does not have it, and starts it. Arguments: its name, its length, the words that start
     * it. Says what it needs in a line, as its input is the only way.
     */
    private static final String SCRIPT = """
            umask 077;
            name=$1; length=$2; shift 2;
            for base in "${XDG_CACHE_HOME:-$HOME/.cache}/jadi" "${TMPDIR:-/tmp}/jadi-cache-$(id -u)"; do
            folder=$base/staged;
            mkdir -p "$folder" 2>/dev/null && [ -O "$base" ] && [ -O "$folder" ] && [ -w "$folder" ] && break;
            folder=;
            done;
            [ -n "$folder" ] || { echo "no folder of our own for staged files, in \\$HOME or /tmp" >&2; exit 1; };
            [ -f "$folder/$name" ] || {
            echo JADI-NEED;
            head -c "$length" > "$folder/new.$$" && [ "$(wc -c < "$folder/new.$$")" -eq "$length" ] || exit 1;
            mv "$folder/new.$$" "$folder/$name" || exit 1;
            };
            exec "$@" -cp "$folder/$name" org.jadi.launcher.remote.Agent
            """.strip().replace("\n", " "); // Not every login shell has quoted words of several lines.

    private final StagedFiles files;
    private final Set<String> needed = new LinkedHashSet<>();

    /** Prepares; compiled and packed things go to a folder of the user's cache. */
    Staging(Map<String, String> environment) {
        String cache = environment.get("XDG_CACHE_HOME");
        Path base = cache == null || cache.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        files = new StagedFiles(base.resolve("jadi").resolve("staged").toAbsolutePath());
    }

    /** Returns where agents get their files from. */
    StagedFiles files() {
        return files;
    }

    /** Returns the names of all files of the job. */
    List<String> needed() {
        return List.copyOf(needed);
    }

    /** Returns the agent's own classes as one jar. */
    static byte[] agentJar(String classPath) {
        List<Path> sources = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator)) {
            Path path = Path.of(entry);
            // Of a whole distribution, only launcher and bootstrap are agents' business.
            boolean ours = Files.isDirectory(path) || path.getFileName().toString().startsWith("jadi-launcher")
                    || path.getFileName().toString().startsWith("jadi-bootstrap");
            if (ours && Files.exists(path)) {
                sources.add(path);
            }
        }
        try {
            ByteArrayOutputStream jar = new ByteArrayOutputStream();
            Jars.merge(sources, jar);
            return jar.toByteArray();
        } catch (IOException e) {
            throw new LauncherException(1, "cannot pack the agent: " + e, e);
        }
    }

    /** Returns the words that start an agent that comes by its input. */
    static List<String> agentCommand(byte[] jar, List<String> java) {
        MessageDigest digest = StagedFiles.digest();
        digest.update(jar);
        List<String> words = new ArrayList<>(List.of("sh", "-c", SCRIPT, "jadi", StagedFiles.name(digest), "" + jar.length));
        words.addAll(java);
        return words;
    }

    /** Returns the plan with staged class paths. */
    JobPlan staged(JobPlan plan) {
        List<ProgramPlan> programs = new ArrayList<>();
        for (ProgramPlan program : plan.programs()) {
            Command command = program.command();
            if (!command.isJvm()) {
                throw new LauncherException(LauncherException.USAGE, "--stage takes Java programs along, and nothing else: program="
                        + command.words().get(0));
            }
            List<String> words = new ArrayList<>(command.jvmWords());
            int at = words.indexOf(CLASS_PATH) + 1;
            words.set(at, staged(words.get(at)));
            programs.add(new ProgramPlan(program.ranks(), program.environment(), program.workingDirectory(),
                    new Command(command.words(), words)));
        }
        return plan.with(programs).withoutArchive();
    }

    private String staged(String classPath) {
        List<String> entries = new ArrayList<>();
        try {
            for (String entry : classPath.split(File.pathSeparator)) {
                for (Path file : filesOf(entry)) {
                    String name = Files.isDirectory(file) ? packed(file) : files.add(file);
                    needed.add(name);
                    entries.add(FOLDER + "/" + name);
                }
            }
        } catch (IOException e) {
            throw new LauncherException(1, "cannot stage the class path: " + e, e);
        }
        return String.join(":", entries);
    }

    private static List<Path> filesOf(String entry) throws IOException {
        Path path = Path.of(entry.isEmpty() ? "." : entry).toAbsolutePath();
        if (entry.endsWith("*")) {
            try (var jars = Files.newDirectoryStream(path.getParent(), "*.{jar,JAR}")) {
                List<Path> all = new ArrayList<>();
                jars.forEach(all::add);
                return all;
            }
        }
        return Files.exists(path) ? List.of(path) : List.of(); // As the JVM, which passes over what is not there.
    }

    private String packed(Path folder) throws IOException {
        Files.createDirectories(files.folder());
        Path part = Files.createTempFile(files.folder(), "new-", "");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part))) {
                Jars.pack(folder, out);
            }
            StagedFiles packed = new StagedFiles(files.folder());
            String name = packed.add(part);
            files.fetch(name, packed::piece);
            return name;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Returns an agent's plan with class paths that lead to its folder of staged files. */
    static JobPlan placed(JobPlan plan, Path folder) {
        List<ProgramPlan> programs = new ArrayList<>();
        for (ProgramPlan program : plan.programs()) {
            List<String> words = new ArrayList<>(program.command().jvmWords());
            int at = words.indexOf(CLASS_PATH) + 1;
            words.set(at, words.get(at).replace(FOLDER, folder.toString()));
            programs.add(new ProgramPlan(program.ranks(), program.environment(), program.workingDirectory(),
                    new Command(program.command().words(), words)));
        }
        return plan.with(programs);
    }
}
