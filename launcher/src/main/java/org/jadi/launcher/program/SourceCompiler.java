package org.jadi.launcher.program;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
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
            // Concatenation by invokedynamic costs every rank several milliseconds of its start.
            List<String> options = List.of("-d", folder.toString(), "-cp", libraries, "-proc:none", "-g", "-nowarn",
                    "-XDsuppressNotes=true", "-XDstringConcat=inline");
            Iterable<? extends JavaFileObject> units = files.getJavaFileObjects(source);
            JavacTask task = (JavacTask) compiler.getTask(messages, files, null, options, null, units);
            FirstClass first = new FirstClass();
            task.addTaskListener(first);
            if (task.call() && first.name != null) {
                return first.name;
            }
        }
        if (messages.toString().isEmpty()) {
            messages.append("there is no class in it");
        }
        throw new LauncherException(1, "cannot compile " + source + ":\n" + messages.toString().stripTrailing());
    }

    /** Takes note of the first class of the first file that is parsed. */
    private static final class FirstClass implements TaskListener {
        private String name;

        @Override
        public void finished(TaskEvent event) {
            if (event.getKind() != TaskEvent.Kind.PARSE || name != null) {
                return;
            }
            CompilationUnitTree unit = event.getCompilationUnit();
            String prefix = unit.getPackageName() == null ? "" : unit.getPackageName() + ".";
            for (Tree type : unit.getTypeDecls()) {
                if (type instanceof ClassTree declared) {
                    name = prefix + declared.getSimpleName();
                    return;
                }
            }
        }
    }
}
