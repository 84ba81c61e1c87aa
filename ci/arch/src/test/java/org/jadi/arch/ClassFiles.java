package org.jadi.arch;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.net.URI;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The modules of Jadi on the class path, as folders or jars. */
final class ClassFiles {
    private ClassFiles() {}

    /** Looks at the root of one module. */
    interface Visitor {
        void visit(Path root) throws IOException;
    }

    /** Visits every root on the class path that holds classes of Jadi. */
    static void forEachModule(Visitor visitor) throws IOException {
        for (URL url : Collections.list(ClassFiles.class.getClassLoader().getResources("org/jadi"))) {
            if (url.getProtocol().equals("jar")) {
                String jar = url.toString().substring(0, url.toString().indexOf('!'));
                try (FileSystem files = FileSystems.newFileSystem(URI.create(jar), Map.of())) {
                    visitor.visit(files.getPath("/"));
                }
            } else {
                visitor.visit(Path.of(URI.create(url.toString())).getParent().getParent());
            }
        }
    }

    /** Returns the classes below a root, without this module's own. */
    static List<ClassModel> classes(Path root) throws IOException {
        List<ClassModel> models = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                String name = path.toString();
                if (name.endsWith(".class") && !name.endsWith("module-info.class") && !name.contains("org/jadi/arch/")) {
                    models.add(ClassFile.of().parse(Files.readAllBytes(path)));
                }
            }
        }
        return models;
    }
}
