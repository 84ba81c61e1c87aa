package org.jadi.launcher.program;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jadi.launcher.LauncherException;

/** Compiles a single-file program with the JDK's own compiler, by the rules of the JDK's source launcher. */
final class SourceCompiler {
    private SourceCompiler() {
    }

    /**
     * Compiles a file.
     *
     * @return the name of the class to start: the first one in the file
     * @throws LauncherException with the compiler's messages
     */
    static String compile(Path source, String libraries, Path folder) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new LauncherException(1, "this is a Java runtime without compiler: java.home="
                    + System.getProperty("java.home") + "; set JAVA_HOME to a JDK");
        }
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-d", folder.toString(), "-cp", libraries, "-proc:none", "-g", "-nowarn",
                    "-XDsuppressNotes=true");
            Iterable<? extends JavaFileObject> units = files.getJavaFileObjects(source);
            JavacTask task = (JavacTask) compiler.getTask(messages, files, null, options, null, units);
            String mainClass = firstClass(task.parse());
            task.analyze();
            task.generate();
            if (task.getElements() != null && !messages.toString().contains("error:") && mainClass != null) {
                return mainClass;
            }
            if (mainClass == null && messages.toString().isEmpty()) {
                messages.append("no class in the file\n");
            }
        }
        throw new LauncherException(1, "cannot compile " + source + ":\n" + messages.toString().stripTrailing());
    }

    private static String firstClass(Iterable<? extends CompilationUnitTree> units) {
        for (CompilationUnitTree unit : units) {
            String prefix = unit.getPackageName() == null ? "" : unit.getPackageName() + ".";
            for (Tree type : unit.getTypeDecls()) {
                if (type instanceof ClassTree declared) {
                    return prefix + declared.getSimpleName();
                }
            }
        }
        return null;
    }
}
