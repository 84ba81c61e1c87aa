package org.jadi.arch;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Which function of the standard is which member of the public interface: read from the comments, where every member names
 * its function as {@code {@code MPI_Send}} beside the section of the standard.
 */
final class MpiCoverage {
    private static final Pattern FUNCTION = Pattern.compile("\\{@code\\s+(MPIX?_\\w+)\\}");
    private static final Pattern SECTION = Pattern.compile("MPI\\s+4\\.1\\s+(§[\\d.]*\\d)");

    /** A member and the section of the standard that its comment names. */
    record Member(String name, String section) implements Comparable<Member> {
        @Override
        public int compareTo(Member other) {
            return name.compareTo(other.name);
        }
    }

    /** Members by function. */
    private final Map<String, Set<Member>> members = new TreeMap<>();

    /** Reads all sources below the folders. */
    static MpiCoverage of(Path... roots) throws IOException {
        MpiCoverage coverage = new MpiCoverage();
        List<Path> files = new ArrayList<>();
        for (Path root : roots) {
            try (Stream<Path> all = Files.walk(root)) {
                all.filter(f -> f.toString().endsWith(".java")).forEach(files::add);
            }
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            Iterable<? extends JavaFileObject> sources = manager.getJavaFileObjectsFromPaths(files);
            JavacTask task = (JavacTask) compiler.getTask(null, manager, null, List.of(), null, sources);
            DocTrees docs = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                coverage.new Reader(docs).scan(unit, null);
            }
        }
        return coverage;
    }

    /** Returns the members of a function, in their order; none if it is not there. */
    Set<Member> members(String function) {
        return members.getOrDefault(function, Set.of());
    }

    /** Returns all names of functions that comments mention. */
    Set<String> mentioned() {
        return members.keySet();
    }

    /** Collects what the comments of public members of public types say. */
    private final class Reader extends TreePathScanner<Void, Void> {
        private final DocTrees docs;

        Reader(DocTrees docs) {
            this.docs = docs;
        }

        @Override
        public Void visitClass(ClassTree type, Void none) {
            if (isPublic(type.getModifiers().getFlags(), type)) {
                note(nameOfType(), type);
                super.visitClass(type, none);
            }
            return null;
        }

        @Override
        public Void visitMethod(MethodTree method, Void none) {
            if (isPublic(method.getModifiers().getFlags(), method)) {
                String name = method.getName().contentEquals("<init>") ? "new" : method.getName().toString();
                note(nameOfType() + "." + name, method);
            }
            return null;
        }

        @Override
        public Void visitVariable(VariableTree field, Void none) {
            if (isPublic(field.getModifiers().getFlags(), field)) {
                note(nameOfType() + "." + field.getName(), field);
            }
            return null;
        }

        private boolean isPublic(Set<Modifier> flags, Tree member) {
            Tree parent = getCurrentPath().getParentPath().getLeaf();
            boolean ofInterface = parent.getKind() == Tree.Kind.INTERFACE && !flags.contains(Modifier.PRIVATE);
            return flags.contains(Modifier.PUBLIC) || ofInterface && member != parent;
        }

        private String nameOfType() {
            List<String> names = new ArrayList<>();
            for (Tree t : getCurrentPath()) {
                if (t instanceof ClassTree c) {
                    names.addFirst(c.getSimpleName().toString());
                }
            }
            return String.join(".", names);
        }

        private void note(String name, Tree member) {
            String comment = docs.getDocComment(getCurrentPath());
            if (comment == null) {
                return;
            }
            Matcher section = SECTION.matcher(comment);
            String where = section.find() ? section.group(1) : "";
            Matcher function = FUNCTION.matcher(comment);
            while (function.find()) {
                members.computeIfAbsent(function.group(1), f -> new TreeSet<>()).add(new Member(name, where));
            }
        }
    }
}
