package org.jadi.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.attribute.LineNumberInfo;
import java.lang.reflect.AccessFlag;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jadi.adi.stats.HotPath;
import org.junit.jupiter.api.Test;

/** What the compiler made of the methods: the hot path stays small and does not allocate; no method is long. */
class CodeTest {
    private static final int MOST_CODE_BYTES = 325; // C2's FreqInlineSize
    private static final int MOST_LINES = 60;
    private static final String HOT_PATH = HotPath.class.descriptorString();

    /** Instructions that allocate, lock, or link at run time. */
    private static final Set<String> FORBIDDEN = Set.of("NEW", "NEWARRAY", "ANEWARRAY", "MULTIANEWARRAY", "INVOKEDYNAMIC",
            "MONITORENTER");

    @Test
    void shouldKeepTheHotPathSmallAndFreeOfAllocation() throws IOException {
        Set<String> faults = new TreeSet<>();
        int[] marked = {0};
        ClassFiles.forEachModule(root -> {
            for (ClassModel type : ClassFiles.classes(root)) {
                for (MethodModel method : type.methods()) {
                    if (isHot(method)) {
                        marked[0]++;
                        faults.addAll(faultsOf(type, method));
                    }
                }
            }
        });
        assertEquals(Set.of(), faults);
        assertTrue(marked[0] > 10, "hardly any method is marked: " + marked[0]);
    }

    @Test
    void shouldKeepMethodsShort() throws IOException {
        Set<String> faults = new TreeSet<>();
        ClassFiles.forEachModule(root -> {
            for (ClassModel type : ClassFiles.classes(root)) {
                for (MethodModel method : type.methods()) {
                    int lines = linesOf(method);
                    if (lines > MOST_LINES && !method.methodName().equalsString("<clinit>")
                            && !method.methodName().equalsString("<init>")) {
                        faults.add(nameOf(type, method) + " lines=" + lines);
                    }
                }
            }
        });
        assertEquals(Set.of(), faults);
    }

    private static boolean isHot(MethodModel method) {
        return method.findAttribute(Attributes.runtimeInvisibleAnnotations()).stream()
                .flatMap(a -> a.annotations().stream()).anyMatch(a -> a.className().equalsString(HOT_PATH));
    }

    private static Set<String> faultsOf(ClassModel type, MethodModel method) {
        Set<String> faults = new TreeSet<>();
        String name = nameOf(type, method);
        if (method.flags().has(AccessFlag.SYNCHRONIZED)) {
            faults.add(name + " is synchronized");
        }
        CodeModel code = method.code().orElse(null);
        if (code == null) {
            return faults;
        }
        int bytes = ((CodeAttribute) code).codeLength();
        if (bytes > MOST_CODE_BYTES) {
            faults.add(name + " has code bytes=" + bytes);
        }
        for (CodeElement element : code) {
            if (element instanceof Instruction i && FORBIDDEN.contains(i.opcode().name())) {
                faults.add(name + " contains " + i.opcode().name());
            }
        }
        return faults;
    }

    private static int linesOf(MethodModel method) {
        List<Integer> lines = method.findAttribute(Attributes.code()).flatMap(c -> c.findAttribute(
                Attributes.lineNumberTable())).map(t -> t.lineNumbers().stream().map(LineNumberInfo::lineNumber).toList())
                .orElse(List.of());
        return lines.isEmpty() ? 0 : lines.stream().max(Integer::compare).get() - lines.stream().min(Integer::compare).get() + 1;
    }

    private static String nameOf(ClassModel type, MethodModel method) {
        return type.thisClass().asInternalName().replace('/', '.') + "." + method.methodName().stringValue();
    }
}
