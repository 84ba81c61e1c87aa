import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the interfaces of the collective calls: every operation for every form of buffers, blocking, nonblocking and
 * persistent. Run by the build: {@code java GenerateCollectives.java OUTPUT_DIRECTORY}.
 */
final class GenerateCollectives {
    /**
     * A form of buffers.
     *
     * @param type as in Java
     * @param part whether offset and count are given
     * @param typed whether count and datatype are given
     */
    record Form(String type, boolean part, boolean typed) {
        boolean isRows() {
            return type.equals("Object[]");
        }

        String counts() {
            return typed ? "long[]" : "int[]";
        }

        String parameters(String name) {
            return typed ? "MemorySegment " + name + ", long " + name + "Count, Datatype " + name + "Type"
                    : part ? type + " " + name + ", int " + name + "Offset, int " + name + "Count" : type + " " + name;
        }

        String operand(String name) {
            return "Operand.of(t, " + name + (typed ? ", " + name + "Count, " + name + "Type)"
                    : part ? ", " + name + "Offset, " + name + "Count)" : ", 0, " + name + " == null ? 0 : " + name + ".length)");
        }

        String doc(String name, String text) {
            String s = "     * @param " + name + " " + text + "\n";
            if (isRows()) {
                s = "     * @param " + name + " rows such as those of a {@code double[][]}, each an element: " + text + "\n";
            }
            if (typed) {
                s += "     * @param " + name + "Count number of elements of the datatype\n     * @param " + name
                        + "Type datatype of its elements\n";
            } else if (part) {
                s += "     * @param " + name + "Offset first element\n     * @param " + name + "Count number of elements\n";
            }
            return s;
        }
    }

    /** A way to run: prefix and suffix of the name, result, last call, end of the first sentence. */
    record Mode(String result, String end, String returns, String text) {}

    private static final List<Mode> MODES = List.of(new Mode("void", "prepare", null, "Blocking."),
            new Mode("Request", "start", "the request, to be completed", "Nonblocking."),
            new Mode("PersistentRequest", "init", "the inactive request, to be started", "Persistent."));

    private final StringBuilder out = new StringBuilder();

    private static List<Form> forms() {
        List<Form> forms = new ArrayList<>();
        for (String e : List.of("byte", "boolean", "char", "short", "int", "long", "float", "double")) {
            forms.add(new Form(e + "[]", false, false));
            forms.add(new Form(e + "[]", true, false));
        }
        forms.add(new Form("MemorySegment", false, true));
        forms.add(new Form("Object[]", false, false));
        forms.add(new Form("Object[]", true, false));
        return forms;
    }

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0], "org", "jadi", "mpi");
        Files.createDirectories(folder);
        GenerateCollectives moves = new GenerateCollectives();
        moves.barrier();
        forms().forEach(moves::moves);
        moves.alltoallw();
        moves.write(folder, "Collectives", "Collective operations that move data: barrier, bcast, gather, scatter, allgather,"
                + " alltoall. MPI 4.1 §6.\n" + COMMON);
        GenerateCollectives reductions = new GenerateCollectives();
        forms().stream().filter(f -> !f.type().startsWith("char")).forEach(reductions::reductions);
        GenerateCollectives neighbors = new GenerateCollectives();
        forms().forEach(neighbors::neighbors);
        neighbors.exchangeOfTypes("neighborAlltoallw", "Exchanges a block with every neighbor, with a datatype for each.", "§8.6.2",
                "NeighborCalls.alltoallw", "neighbor");
        neighbors.write(folder, "NeighborCollectives", "Collective operations among the neighbors of a topology. MPI 4.1 §8.6."
                + "\n *\n * <p>Block i comes from, or goes to, the i-th neighbor as {@link CartComm} (in each dimension the lower, then"
                + " the upper\n * one), {@link GraphComm} or {@link DistGraphComm} name them. A block of {@link Comm#PROC_NULL} stays as"
                + " it is. Without a\n * topology they fail with {@link ErrorClass#TOPOLOGY}.\n" + COMMON);
        reductions.write(folder, "Reductions", "Collective operations that reduce data: reduce, allreduce, reduceScatter, scan."
                + " MPI 4.1 §6.9 to §6.11.\n *\n * <p>All ranks get the same bits from allreduce, whatever the operation. Results"
                + " of sums of floating-point numbers depend on\n * the number of ranks and on the algorithm that is taken.\n"
                + COMMON);
    }

    private static final String COMMON = """
             *
             * <p>All ranks of the communicator call the same operations in the same order, with the same root and matching lengths;
             * a rank that gets less or more than it expects fails with {@link ErrorClass#TRUNCATE}. A call with one buffer works in
             * place. A {@code null} where only other ranks need the buffer is right. The buffers belong to the library until the
             * operation is complete. Nonblocking operations go on while any thread of the rank waits in the library; persistent ones
             * may be started in any order. Memory of a confined arena is refused with {@link ErrorClass#BUFFER}.
             *
             * <p>On a communicator of two groups (MPI 4.1 §6.2.3) data goes to the other group, and "all ranks" are those of the
             * other group; nothing works in place. A root says {@link Comm#ROOT} of itself, the others of its group say
             * {@link Comm#PROC_NULL}, and the other group names its rank.\
            """;
    private static final String ROOT = "     * @param root rank whose data, or result, it is; the same on all ranks\n";
    private static final String OP = "     * @param op operation, see {@link Op}; the same on all ranks\n";
    private static final String ERRORS = "BUFFER, COUNT, TYPE, COMM, TRUNCATE, PROC_FAILED, TIMEOUT";
    private static final String COUNTS = "     * @param counts number of elements of each rank\n     * @param displacements place of"
            + " each rank's first element, in elements; null if they lie one behind the other\n";

    private void barrier() {
        three("barrier", "Waits for all ranks.", "§6.3", "", "", "CollectiveCalls.barrier(c, \"%s\")");
    }

    private void moves(Form f) {
        three("bcast", "Sends data of the root to all ranks.", "§6.4", f.parameters("buffer") + ", int root",
                f.doc("buffer", "the data on the root, elsewhere where it goes") + ROOT,
                "CollectiveCalls.bcast(c, \"%s\", " + f.operand("buffer") + ", root)");
        String two = f.parameters("send") + ", " + f.parameters("recv");
        String operands = f.operand("send") + ",\n                " + f.operand("recv");
        String mine = f.doc("send", "our block");
        three("gather", "Gathers a block of every rank at the root.", "§6.5", two + ", int root",
                f.doc("send", "our block; null at the root if it is in its place already")
                + f.doc("recv", "blocks of all ranks; null except at the root") + ROOT,
                "CollectiveCalls.gather(c, \"%s\", " + operands + ", root)");
        three("scatter", "Deals blocks of the root out to the ranks.", "§6.6", two + ", int root",
                f.doc("send", "blocks of all ranks; null except at the root")
                + f.doc("recv", "our block; null at the root if it is to stay in its place") + ROOT,
                "CollectiveCalls.scatter(c, \"%s\", " + operands + ", root)");
        String all = f.doc("recv", "blocks of all ranks, in their order");
        three("allgather", "Gathers a block of every rank at all.", "§6.7", two, mine + all,
                "CollectiveCalls.allgather(c, \"%s\", " + operands + ")");
        three("allgather", "Gathers a block of every rank at all, in place.", "§6.7", f.parameters("buffer"),
                f.doc("buffer", "blocks of all ranks; ours is there"),
                "CollectiveCalls.allgather(c, \"%s\", null, " + f.operand("buffer") + ")");
        three("alltoall", "Sends a block to every rank, and receives one from each.", "§6.8", two,
                f.doc("send", "blocks for all ranks") + f.doc("recv", "blocks from all ranks"),
                "CollectiveCalls.alltoall(c, \"%s\", " + operands + ")");
        three("alltoall", "Sends a block to every rank, and receives one from each in its place.", "§6.8", f.parameters("buffer"),
                f.doc("buffer", "blocks for all ranks, then from them"),
                "CollectiveCalls.alltoall(c, \"%s\", null, " + f.operand("buffer") + ")");
        ragged(f);
    }

    private void ragged(Form f) {
        String lists = f.counts() + " counts, " + f.counts() + " displacements";
        String both = longs(f, "counts") + ", " + longs(f, "displacements");
        String send = f.parameters("send");
        String recv = f.parameters("recv");
        three("gatherv", "Gathers blocks of different lengths at the root.", "§6.5", send + ", " + recv + ", " + lists
                + ", int root", f.doc("send", "our block; null at the root if it is in its place already")
                + f.doc("recv", "blocks of all ranks; null except at the root") + COUNTS + ROOT,
                "RaggedCalls.gatherv(c, \"%s\", " + f.operand("send") + ",\n                " + f.operand("recv") + ", " + both
                + ", root)");
        three("scatterv", "Deals blocks of different lengths out.", "§6.6", send + ", " + lists + ", " + recv + ", int root",
                f.doc("send", "blocks of all ranks; null except at the root") + COUNTS
                + f.doc("recv", "our block; null at the root if it is to stay in its place") + ROOT,
                "RaggedCalls.scatterv(c, \"%s\", " + f.operand("send") + ", " + both + ",\n                " + f.operand("recv")
                + ", root)");
        three("allgatherv", "Gathers blocks of different lengths at all.", "§6.7", send + ", " + recv + ", " + lists,
                f.doc("send", "our block; null if it is in its place already") + f.doc("recv", "blocks of all ranks") + COUNTS,
                "RaggedCalls.allgatherv(c, \"%s\", " + f.operand("send") + ",\n                " + f.operand("recv") + ", " + both
                + ")");
        String four = f.counts() + " sendCounts, " + f.counts() + " sendDisplacements, ";
        three("alltoallv", "Sends blocks of different lengths to every rank, and receives one from each.", "§6.8",
                send + ", " + four + recv + ", " + four.replace("send", "recv").replaceAll(", $", ""),
                f.doc("send", "blocks for all ranks; null if they are in the other buffer") + side("send", "to")
                + f.doc("recv", "blocks from all ranks") + side("recv", "from"),
                "RaggedCalls.alltoallv(c, \"%s\", " + f.operand("send") + ", " + longs(f, "sendCounts") + ",\n                "
                + longs(f, "sendDisplacements") + ", " + f.operand("recv") + ", " + longs(f, "recvCounts") + ",\n                "
                + longs(f, "recvDisplacements") + ")");
        counted(f);
    }

    private static String side(String name, String word) {
        return "     * @param " + name + "Counts number of elements " + word + " each rank\n     * @param " + name
                + "Displacements place of each block, in elements; null if they lie one behind the other\n";
    }

    /** The forms that find the counts out. */
    private void counted(Form f) {
        String two = f.parameters("send") + ", " + f.parameters("recv");
        String text = " The lengths are found out by one more exchange, and the blocks lie one behind the other. Blocking.";
        String room = "blocks of all ranks, in their order; long enough";
        doc("Gathers blocks of different lengths at the root." + text, "MPI_Gatherv", "§6.5", f.doc("send", "our block")
                + f.doc("recv", room + "; null except at the root") + ROOT, "at the root the number of elements of each rank, null elsewhere");
        method("long[]", "gatherv", two + ", int root", "Operand s = " + f.operand("send") + ";\n        long[] counts = "
                + "RaggedCalls.countsAtRoot(c, \"gatherv\", s, root);\n        RaggedCalls.gatherv(c, \"gatherv\", s, "
                + f.operand("recv") + ", counts, null, root).run();\n        return counts;");
        doc("Gathers blocks of different lengths at all." + text, "MPI_Allgatherv", "§6.7", f.doc("send", "our block")
                + f.doc("recv", room), "the number of elements of each rank");
        method("long[]", "allgatherv", two, "Operand s = " + f.operand("send") + ";\n        long[] counts = "
                + "RaggedCalls.allCounts(c, \"allgatherv\", s);\n        RaggedCalls.allgatherv(c, \"allgatherv\", s, "
                + f.operand("recv") + ", counts, null).run();\n        return counts;");
        doc("Sends blocks of different lengths to every rank, and receives one from each." + text, "MPI_Alltoallv", "§6.8",
                f.doc("send", "blocks for all ranks, one behind the other") + "     * @param sendCounts number of elements for"
                + " each rank\n" + f.doc("recv", room), "the number of elements from each rank");
        method("long[]", "alltoallv", f.parameters("send") + ", " + f.counts() + " sendCounts, " + f.parameters("recv"),
                "long[] out = " + longs(f, "sendCounts") + ";\n        long[] counts = RaggedCalls.exchangedCounts(c,"
                + " \"alltoallv\", out);\n        RaggedCalls.alltoallv(c, \"alltoallv\", " + f.operand("send")
                + ", out, null, " + f.operand("recv") + ", counts, null).run();\n        return counts;");
    }

    private void neighbors(Form f) {
        String two = f.parameters("send") + ", " + f.parameters("recv");
        String operands = f.operand("send") + ",\n                " + f.operand("recv");
        String blocks = f.doc("recv", "blocks from all neighbors");
        three("neighborAllgather", "Sends one block to all neighbors, and receives one from each.", "§8.6.1", two,
                f.doc("send", "our block") + blocks, "NeighborCalls.allgather(c, \"%s\", " + operands + ")");
        three("neighborAlltoall", "Sends a block to every neighbor, and receives one from each.", "§8.6.2", two,
                f.doc("send", "blocks for all neighbors") + blocks, "NeighborCalls.alltoall(c, \"%s\", " + operands + ")");
        String lists = f.counts() + " counts, " + f.counts() + " displacements";
        three("neighborAllgatherv", "Sends one block to all neighbors, and receives one of its own length from each.", "§8.6.1",
                two + ", " + lists, f.doc("send", "our block") + blocks + COUNTS.replace("rank", "neighbor"),
                "NeighborCalls.allgatherv(c, \"%s\", " + operands + ", " + longs(f, "counts") + ", " + longs(f, "displacements") + ")");
        String four = f.counts() + " sendCounts, " + f.counts() + " sendDisplacements, ";
        three("neighborAlltoallv", "Sends blocks of different lengths to every neighbor, and receives one from each.", "§8.6.2",
                f.parameters("send") + ", " + four + f.parameters("recv") + ", " + four.replace("send", "recv").replaceAll(", $", ""),
                f.doc("send", "blocks for all neighbors") + side("send", "to").replace("rank", "neighbor") + blocks
                + side("recv", "from").replace("rank", "neighbor"), "NeighborCalls.alltoallv(c, \"%s\", " + f.operand("send") + ", "
                + longs(f, "sendCounts") + ",\n                " + longs(f, "sendDisplacements") + ", " + f.operand("recv") + ", "
                + longs(f, "recvCounts") + ",\n                " + longs(f, "recvDisplacements") + ")");
    }

    private void alltoallw() {
        exchangeOfTypes("alltoallw", "Sends a block to every rank, and receives one from each, with a datatype for each.", "§6.8",
                "RaggedCalls.alltoallw", "rank");
    }

    private void exchangeOfTypes(String name, String text, String section, String target, String partner) {
        String side = "MemorySegment send, long[] sendCounts, long[] sendDisplacements, Datatype[] sendTypes, ";
        String docs = """
                     * @param send blocks for all ranks; null if they are in the other buffer
                     * @param sendCounts number of elements to each rank
                     * @param sendDisplacements place of each block, in bytes
                     * @param sendTypes datatype of each block
                """;
        docs = docs.replace("rank", partner);
        three(name, text, section,
                side + side.replace("send", "recv").replaceAll(", $", ""), docs + docs.replace("send", "recv").replace(
                "blocks for all ranks; null if they are in the other buffer", "blocks from all ranks").replace("to each", "from each"),
                target + "(c, \"%s\", send == null ? null\n                : new RaggedCalls.Ragged(t.view(send),"
                + " sendCounts, sendDisplacements, sendTypes),\n                new RaggedCalls.Ragged(t.writable(recv), recvCounts,"
                + " recvDisplacements, recvTypes))");
    }

    private void reductions(Form f) {
        String one = f.parameters("buffer");
        String two = f.parameters("send") + ", " + f.parameters("recv");
        String operand = f.operand("buffer");
        String operands = f.operand("send") + ",\n                " + f.operand("recv");
        String inPlace = f.doc("buffer", "our data, then the result");
        String apart = f.doc("send", "our data") + f.doc("recv", "the result; as long as the data");
        three("reduce", "Reduces data of all ranks to the root, in place; elsewhere the data stays as it is.", "§6.9.1", one
                + ", Op op, int root", inPlace + OP + ROOT, "CollectiveCalls.reduceInPlace(c, \"%s\", " + operand + ", op, root)");
        three("reduce", "Reduces data of all ranks to the root.", "§6.9.1", two + ", Op op, int root", f.doc("send",
                "our data; null at the root if it is in the other buffer") + f.doc("recv", "the result; null except at the root")
                + OP + ROOT, "CollectiveCalls.reduce(c, \"%s\", " + operands + ", op, root)");
        three("allreduce", "Reduces data of all ranks to all, in place.", "§6.9.6", one + ", Op op", inPlace + OP,
                "CollectiveCalls.allreduce(c, \"%s\", null, " + operand + ", op)");
        three("allreduce", "Reduces data of all ranks to all.", "§6.9.6", two + ", Op op", apart + OP,
                "CollectiveCalls.allreduce(c, \"%s\", " + operands + ", op)");
        for (boolean exclusive : new boolean[] {false, true}) {
            String name = exclusive ? "exscan" : "scan";
            String text = exclusive ? "Reduces data of the ranks below us, to each; rank 0 has no result"
                    : "Reduces data of the ranks up to us, to each";
            String section = exclusive ? "§6.11.2" : "§6.11.1";
            three(name, text + ", in place.", section, one + ", Op op", inPlace + OP, "CollectiveCalls.scan(c, \"%s\", null, "
                    + operand + ", op, " + exclusive + ")");
            three(name, text + ".", section, two + ", Op op", apart + OP, "CollectiveCalls.scan(c, \"%s\", " + operands + ", op, "
                    + exclusive + ")");
        }
        scatters(f, one, two, operand, operands);
    }

    private void scatters(Form f, String one, String two, String operand, String operands) {
        String blocks = f.doc("send", "blocks for all ranks") + f.doc("recv", "the result for our block");
        String inPlace = f.doc("buffer", "blocks for all ranks; the result for ours is put at its beginning");
        three("reduceScatterBlock", "Reduces blocks for all ranks, and deals the results out.", "§6.10.1", two + ", Op op",
                blocks + OP, "CollectiveCalls.reduceScatterBlock(c, \"%s\", " + operands + ", op)");
        three("reduceScatterBlock", "Reduces blocks for all ranks, and deals the results out, in place.", "§6.10.1", one
                + ", Op op", inPlace + OP, "CollectiveCalls.reduceScatterBlock(c, \"%s\", null, " + operand + ", op)");
        String counts = f.counts() + " counts, Op op";
        String countDoc = "     * @param counts number of elements of each rank, the same on all ranks\n";
        three("reduceScatter", "Reduces blocks of different lengths, and deals the results out.", "§6.10.2", two + ", " + counts,
                blocks + countDoc + OP, "CollectiveCalls.reduceScatter(c, \"%s\", " + operands + ", " + longs(f, "counts")
                + ", op)");
        three("reduceScatter", "Reduces blocks of different lengths, and deals the results out, in place.", "§6.10.2", one + ", "
                + counts, inPlace + countDoc + OP, "CollectiveCalls.reduceScatter(c, \"%s\", null, " + operand + ", "
                + longs(f, "counts") + ", op)");
    }

    private static String longs(Form f, String name) {
        return f.typed() ? name : "RaggedCalls.longs(" + name + ")";
    }

    /** Writes a call in its three modes. */
    private void three(String name, String text, String section, String parameters, String docs, String call) {
        for (Mode m : MODES) {
            String java = switch (m.end()) {
                case "start" -> "i" + name;
                case "init" -> name + "Init";
                default -> name;
            };
            String standard = name.replaceAll("([A-Z])", "_$1").toLowerCase();
            standard = "MPI_" + switch (m.end()) {
                case "start" -> "I" + standard;
                case "init" -> upper(standard) + "_init";
                default -> upper(standard);
            };
            doc(text + " " + m.text(), standard, section, docs, m.returns());
            String made = call.formatted(java) + "." + m.end() + "()";
            method(m.result(), java, parameters, m.returns() == null ? "c.run(" + made + ");" : "return " + made + ";");
        }
    }

    private static String upper(String s) {
        return Character.toUpperCase(s.charAt(0)) + s.substring(1);
    }

    private void doc(String text, String standard, String section, String docs, String returns) {
        out.append("    /**\n     * ").append(text).append("\n     *\n     * <p>{@code ").append(standard).append("}, MPI 4.1 ")
                .append(section).append(".\n     *\n").append(docs);
        if (returns != null) {
            out.append("     * @return ").append(returns).append('\n');
        }
        out.append("     * @throws MpiException ").append(docs.contains("@param op ") ? "OP, " : "")
                .append(docs.contains("@param root ") ? "ROOT, " : "").append(ERRORS).append("\n     */\n");
    }

    private void method(String result, String name, String parameters, String body) {
        out.append("    default ").append(result).append(' ').append(name).append('(').append(parameters).append(") {\n")
                .append("        Comm c = (Comm) this;\n").append(body.contains("(t, ") || body.contains("(t.") || body.contains("t.view")
                ? "        Transfer t = c.transfer;\n" : "").append("        ").append(body).append("\n    }\n\n");
    }

    private void write(Path folder, String name, String text) throws IOException {
        String source = """
                package org.jadi.mpi;

                import java.lang.foreign.MemorySegment;

                // Generated by GenerateCollectives.java: do not edit.
                /**
                 * %s
                 *
                 * <p>Every method may be called by any thread. Errors go through the communicator's error handler, and are thrown.
                 */
                public sealed interface %s permits Comm {
                """.formatted(text, name) + out.toString().stripTrailing() + "\n}\n";
        Path file = folder.resolve(name + ".java");
        if (!Files.exists(file) || !Files.readString(file).equals(source)) {
            Files.writeString(file, source);
        }
    }
}
