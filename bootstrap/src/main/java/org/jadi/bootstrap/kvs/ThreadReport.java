package org.jadi.bootstrap.kvs;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What a rank says when it is asked what it is doing: the library's words, then the stack of each thread. */
final class ThreadReport {
    private ThreadReport() {
    }

    /** Returns the report, without the thread that makes it. Virtual threads do not appear. */
    static String of(String state, Thread reporter) {
        StringBuilder report = new StringBuilder();
        if (!state.isEmpty()) {
            report.append(state.stripTrailing()).append('\n');
        }
        Map<Thread, StackTraceElement[]> stacks = Thread.getAllStackTraces();
        List<Thread> threads = stacks.keySet().stream()
                .filter(t -> t != reporter && stacks.get(t).length > 0 && !isJvmInternal(t))
                .sorted(Comparator.comparingLong(Thread::threadId)).toList();
        for (Thread thread : threads) {
            report.append("thread \"").append(thread.getName()).append("\" ").append(thread.getState()).append('\n');
            for (StackTraceElement frame : stacks.get(thread)) {
                report.append("    at ").append(frame.getClassName()).append('.').append(frame.getMethodName()).append('(')
                        .append(place(frame)).append(")\n");
            }
        }
        return report.toString();
    }

    private static String place(StackTraceElement frame) {
        if (frame.isNativeMethod()) {
            return "native";
        }
        return frame.getFileName() == null ? "?" : frame.getFileName() + ":" + frame.getLineNumber();
    }

    /** The JVM's own threads, cleaners included, live outside the groups of the program. */
    private static boolean isJvmInternal(Thread thread) {
        ThreadGroup group = thread.getThreadGroup();
        return group != null && (group.getParent() == null && !thread.getName().equals("main")
                || group.getName().equals("InnocuousThreadGroup"));
    }
}
