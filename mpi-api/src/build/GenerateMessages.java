import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes the interfaces whose methods differ only in the type of their buffers. Run by the build:
 * {@code java GenerateMessages.java OUTPUT_DIRECTORY}.
 */
final class GenerateMessages {
    /**
     * A kind of buffer.
     *
     * @param type as in Java
     * @param unit how the documentation calls what offset and count are counted in
     * @param bytes size of an element
     * @param part type of offset and count, or null if there is only the whole buffer
     * @param length expression for the length in elements
     */
    record Kind(String type, String unit, int bytes, String part, String length) {
        boolean isPlan() {
            return type.equals("boolean[]") || isRows();
        }

        boolean isRows() {
            return type.equals("Object[]");
        }

        boolean isCheckedForWriting() {
            return !type.endsWith("[]");
        }
    }

    /** A send mode: constant, first letters of its calls, what is special about it. */
    record Mode(String constant, String letter, String text, String blocking) {}

    private static final List<Kind> KINDS = List.of(
            array("byte", 1), array("boolean", 1), array("char", 2), array("short", 2), array("int", 4), array("long", 8),
            array("float", 4), array("double", 8),
            new Kind("MemorySegment", "bytes", 1, "long", "buffer.byteSize()"),
            new Kind("Buffer", "elements", 1, null, null),
            new Kind("Object[]", "rows", 1, "int", "buffer.length"));

    private static final List<Mode> MODES = List.of(
            new Mode("STANDARD", "", "standard mode", "returns when the buffer may be used again"),
            new Mode("BUFFERED", "b", "buffered mode (a buffer must be attached, see {@link Mpi#attachBuffer})",
                    "returns at once"),
            new Mode("SYNCHRONOUS", "s", "synchronous mode", "returns when the receive has started"),
            new Mode("READY", "r", "ready mode: the receive must have been posted",
                    "returns when the buffer may be used again"));

    private static final String PART = """
                 * @param offset first element, 0 or more
                 * @param count number of elements, 0 or more
            """;
    private static final String PART_ROWS = """
                 * @param offset first row, 0 or more
                 * @param count number of rows, 0 or more
            """;
    private static final String PART_BYTES = """
                 * @param offset first byte, 0 or more
                 * @param count number of bytes, 0 or more
            """;

    private final StringBuilder out = new StringBuilder();

    private static Kind array(String element, int bytes) {
        return new Kind(element + "[]", "elements", bytes, "int", "buffer.length");
    }

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0], "org", "jadi", "mpi");
        Files.createDirectories(folder);
        new GenerateMessages().blocking().write(folder, "BlockingMessages", "Blocking send and receive. MPI 4.1 §3.2, §3.4.");
        new GenerateMessages().nonblocking().write(folder, "NonblockingMessages",
                "Nonblocking send and receive. MPI 4.1 §3.7.\n *\n * <p>The buffer belongs to the library until the request is"
                + " complete; the request keeps it alive.");
        new GenerateMessages().persistent().write(folder, "PersistentMessages",
                "Persistent requests of send and receive. MPI 4.1 §3.9.\n *\n * <p>The buffer belongs to the library between"
                + " each start and its completion.");
        new GenerateMessages().exchange().write(folder, "ExchangeMessages",
                "Send and receive in one call. MPI 4.1 §3.11.\n *\n * <p>Sent and received messages match ordinary receives"
                + " and sends. The two buffers must not overlap.");
        new GenerateMessages().matched().write(folder, "MatchedMessages", "Receive of a message that a matched probe has"
                + " taken. MPI 4.1 §3.8.3.");
    }

    private GenerateMessages blocking() {
        for (Kind k : KINDS) {
            for (Mode m : MODES) {
                String doc = "Sends " + whole(k) + " in " + m.text() + "; " + m.blocking() + ".";
                String spec = "{@code MPI_" + name(m.letter(), "send") + "}, MPI 4.1 §3." + (m.letter().isEmpty() ? "2.1" : "4") + ".";
                String errors = "BUFFER, " + (k.part() == null ? "" : "COUNT, ") + "RANK, TAG, PROC_FAILED, TIMEOUT";
                both(k, "void", m.letter() + "send", "int dest, int tag", doc, spec, DEST, null, errors,
                        "t.send(SendKind." + m.constant() + ", %s, dest, tag)", false);
            }
            both(k, "Status", "recv", "int source, int tag", "Receives a message into " + whole(k) + "; returns when the data"
                    + " is there.", "{@code MPI_Recv}, MPI 4.1 §3.2.4; order of matching §3.5.", SOURCE,
                    "source, tag and received size", "TRUNCATE (the message is longer than the buffer), BUFFER, RANK, TAG,"
                    + " PROC_FAILED, TIMEOUT", "t.recv(%s, source, tag)", true);
        }
        return this;
    }

    private GenerateMessages nonblocking() {
        for (Kind k : KINDS) {
            for (Mode m : MODES) {
                both(k, "Request", "i" + m.letter() + "send", "int dest, int tag", "Starts to send " + whole(k) + " in " + m.text()
                        + ".", "{@code MPI_" + name("i" + m.letter(), "send") + "}, MPI 4.1 §3.7.2.", DEST,
                        "the request, to be completed", "BUFFER, RANK, TAG", "t.isend(SendKind." + m.constant()
                        + ", %s, dest, tag)", false);
            }
            both(k, "Request", "irecv", "int source, int tag", "Starts to receive a message into " + whole(k) + ".",
                    "{@code MPI_Irecv}, MPI 4.1 §3.7.2.", SOURCE, "the request, to be completed", "BUFFER, RANK, TAG",
                    "t.irecv(%s, source, tag)", true);
        }
        return this;
    }

    private GenerateMessages persistent() {
        for (Kind k : KINDS) {
            for (Mode m : MODES) {
                both(k, "PersistentRequest", m.letter() + "sendInit", "int dest, int tag", "Prepares to send " + whole(k) + " in "
                        + m.text() + ".", "{@code MPI_" + name(m.letter(), "send") + "_init}, MPI 4.1 §3.9.", DEST,
                        "the inactive request, to be started", "BUFFER, RANK, TAG", "t.sendInit(SendKind." + m.constant()
                        + ", %s, dest, tag)", false);
            }
            both(k, "PersistentRequest", "recvInit", "int source, int tag", "Prepares to receive a message into " + whole(k)
                    + ".", "{@code MPI_Recv_init}, MPI 4.1 §3.9.", SOURCE, "the inactive request, to be started",
                    "BUFFER, RANK, TAG", "t.recvInit(%s, source, tag)", true);
        }
        return this;
    }

    private GenerateMessages matched() {
        for (Kind k : KINDS) {
            both(k, "Status", "recv", "", "Receives the message into " + whole(k) + "; returns when the data is there.",
                    "{@code MPI_Mrecv}, MPI 4.1 §3.8.3.", "", "source, tag and received size",
                    "TRUNCATE, BUFFER, REQUEST (received before), TIMEOUT", "((Message) this).receive(%s)", true);
            both(k, "Request", "irecv", "", "Starts to receive the message into " + whole(k) + ".",
                    "{@code MPI_Imrecv}, MPI 4.1 §3.8.3.", "", "the request, to be completed",
                    "BUFFER, REQUEST (received before)", "((Message) this).ireceive(%s)", true);
        }
        return this;
    }

    private GenerateMessages exchange() {
        for (Kind k : KINDS) {
            for (boolean now : new boolean[] {true, false}) {
                String result = now ? "Status" : "Request";
                String verb = now ? "sendrecv" : "isendrecv";
                String standard = now ? "MPI_Sendrecv" : "MPI_Isendrecv";
                String end = now ? "; blocking" : "; nonblocking";
                exchangeTwo(k, result, verb, standard, end, false);
                if (k.part() != null) {
                    exchangeTwo(k, result, verb, standard, end, true);
                }
                String call = "Exchange.replace" + (now ? "" : "Later") + "(t, %s, dest, sendTag, source, recvTag)";
                both(k, result, verb + "Replace", "int dest, int sendTag, int source, int recvTag", "Sends " + whole(k)
                        + ", and receives another message into it" + end + ".", "{@code " + standard + "_replace}, MPI 4.1 §3.11.",
                        EXCHANGE, returns(now), "TRUNCATE, BUFFER, RANK, TAG, PROC_FAILED, TIMEOUT", call, true);
            }
        }
        return this;
    }

    private static String returns(boolean now) {
        return now ? "source, tag and size of the received message" : "the request, to be completed";
    }

    private void exchangeTwo(Kind k, String result, String verb, String standard, String end, boolean parts) {
        doc("Sends " + (parts ? "a part of a buffer" : whole(k)) + ", and receives a message into another" + end + ".",
                "{@code " + standard + "}, MPI 4.1 §3.11.");
        out.append("     * @param toSend the data\n");
        if (parts) {
            out.append("     * @param sendOffset first element to send\n     * @param sendCount number of elements to send\n");
        }
        out.append(DEST_SEND).append("     * @param toReceive where the received data goes; must not overlap the data\n");
        if (parts) {
            out.append("     * @param recvOffset first element to receive\n     * @param recvCount most elements to receive\n");
        }
        out.append(SOURCE_RECV);
        tail(returns(result.equals("Status")), "TRUNCATE, BUFFER, COUNT, RANK, TAG, PROC_FAILED, TIMEOUT");
        String p = k.part();
        String sendPart = parts ? p + " sendOffset, " + p + " sendCount, " : "";
        String recvPart = parts ? p + " recvOffset, " + p + " recvCount, " : "";
        out.append("    default ").append(result).append(' ').append(verb).append('(').append(k.type()).append(" toSend, ")
                .append(sendPart).append("int dest, int sendTag,\n            ").append(k.type()).append(" toReceive, ")
                .append(recvPart).append("int source, int recvTag) {\n        Transfer t = ((Comm) this).transfer;\n");
        String read = arguments(k, "toSend", parts ? "send" : null, "out", false);
        String write = arguments(k, "toReceive", parts ? "recv" : null, "in", true);
        String request = "Exchange." + verb.replace("isendrecv", "start").replace("sendrecv", "run");
        out.append("        return ").append(request).append("(t, ").append(plan(k, read)).append(", dest, sendTag,\n                ")
                .append(plan(k, write)).append(", source, recvTag);\n    }\n\n");
    }

    /** Exchange takes both forms of a buffer. */
    private static String plan(Kind k, String arguments) {
        return k.isPlan() ? "null, 0, 0, " + arguments : arguments + ", null";
    }

    /** Writes a method for the whole buffer, and one for a part of it. */
    private void both(Kind k, String result, String name, String parameters, String doc, String spec, String parameterDoc,
            String returns, String errors, String call, boolean writes) {
        method(k, result, name, parameters, doc, spec, parameterDoc, returns, errors, call, writes, false);
        if (k.part() != null) {
            String some = doc.replaceFirst("(the|into|Sends|send|Prepares to send) (an array|a segment|the rows of an array)", "$1 a part of $2");
            method(k, result, name, parameters, some, spec, parameterDoc, returns, errors, call, writes, true);
        }
    }

    private void method(Kind k, String result, String name, String parameters, String doc, String spec, String parameterDoc,
            String returns, String errors, String call, boolean writes, boolean part) {
        doc(doc, spec);
        out.append("     * @param buffer ").append(writes ? "where the data goes" : "the data").append('\n');
        out.append(!part ? "" : k.unit().equals("bytes") ? PART_BYTES : k.isRows() ? PART_ROWS : PART);
        out.append(parameterDoc);
        tail(returns, part ? errors.replace("BUFFER,", "BUFFER, COUNT,").replace("COUNT, COUNT", "COUNT") : errors);
        String middle = part ? k.part() + " offset, " + k.part() + " count" : "";
        String all = String.join(", ", List.of(k.type() + " buffer", middle, parameters).stream().filter(s -> !s.isEmpty()).toList());
        boolean message = call.contains("Message");
        out.append("    default ").append(result).append(' ').append(name).append('(').append(all).append(") {\n")
                .append("        Transfer t = ((").append(message ? "Message" : "Comm").append(") this).transfer;\n");
        String arguments = arguments(k, "buffer", part ? "" : null, "s", writes);
        if (call.startsWith("Exchange")) {
            arguments = plan(k, arguments);
        }
        out.append("        ").append(result.equals("void") ? "" : "return ").append(call.formatted(arguments)).append(";\n    }\n\n");
    }

    /**
     * Writes the lines that check and view a buffer; returns what the call gets.
     *
     * @param part prefix of the names of offset and count, or null for the whole buffer
     */
    private String arguments(Kind k, String buffer, String part, String segment, boolean writes) {
        String offset = part == null ? null : part.isEmpty() ? "offset" : part + "Offset";
        String count = part == null ? null : part.isEmpty() ? "count" : part + "Count";
        String view = writes && k.isCheckedForWriting() ? "t.writable(" : "t.view(";
        if (k.isRows()) {
            out.append("        RowsPlan ").append(segment).append(" = RowsPlan.of(t, ").append(buffer).append(part == null ? ""
                    : ", " + offset + ", " + count).append(");\n");
            return segment;
        }
        String type = k.isPlan() ? "boolean[]" : "MemorySegment";
        out.append("        ").append(type).append(' ').append(segment).append(" = ").append(view).append(buffer).append(");\n");
        String length = k.length() == null ? null : k.length().replace("buffer", buffer);
        if (part != null) {
            out.append("        t.part(").append(offset).append(", ").append(count).append(", ").append(length).append(");\n");
        }
        if (k.isPlan()) {
            return "new BooleanPlan(" + segment + ", " + (part == null ? "0, " + segment + ".length" : offset + ", " + count) + ")";
        }
        String size = k.bytes() == 1 ? "" : " * " + k.bytes() + "L";
        return part == null ? segment + ", 0, " + segment + ".byteSize()"
                : segment + ", " + offset + size + ", " + count + size;
    }

    private void doc(String text, String spec) {
        out.append("    /**\n     * ").append(text).append("\n     *\n     * <p>").append(spec).append("\n     *\n");
    }

    private void tail(String returns, String errors) {
        if (returns != null) {
            out.append("     * @return ").append(returns).append('\n');
        }
        out.append("     * @throws MpiException ").append(errors).append("\n     */\n");
    }

    private static String whole(Kind k) {
        return switch (k.type()) {
            case "MemorySegment" -> "a segment, as bytes";
            case "Object[]" -> "the rows of an array such as a {@code double[][]}";
            case "Buffer" -> "a buffer of java.nio, from position to limit (neither is changed)";
            default -> "an array of " + k.type().replace("[]", "");
        };
    }

    private static String name(String letters, String verb) {
        String s = letters + verb;
        return Character.toUpperCase(s.charAt(0)) + s.substring(1);
    }

    private static final String DEST = """
                 * @param dest rank, or {@link Comm#PROC_NULL}
                 * @param tag 0 or more
            """;
    private static final String SOURCE = """
                 * @param source rank, {@link Comm#ANY_SOURCE} or {@link Comm#PROC_NULL}
                 * @param tag 0 or more, or {@link Comm#ANY_TAG}
            """;
    private static final String DEST_SEND = """
                 * @param dest rank to send to, or {@link Comm#PROC_NULL}
                 * @param sendTag tag of the sent message, 0 or more
            """;
    private static final String SOURCE_RECV = """
                 * @param source rank to receive from, {@link Comm#ANY_SOURCE} or {@link Comm#PROC_NULL}
                 * @param recvTag tag of the received message, 0 or more, or {@link Comm#ANY_TAG}
            """;
    private static final String EXCHANGE = DEST_SEND + SOURCE_RECV;

    private void write(Path folder, String name, String text) throws IOException {
        String owner = name.equals("MatchedMessages") ? "Message" : "Comm";
        String head = """
                package org.jadi.mpi;

                import java.lang.foreign.MemorySegment;
                import java.nio.Buffer;

                // Generated by GenerateMessages.java: do not edit.
                /**
                 * %s
                 *
                 * <p>Every method may be called by any thread. Errors go through the communicator's error handler, and are thrown.
                 */
                public sealed interface %s permits %s {
                """.formatted(text, name, owner);
        Path file = folder.resolve(name + ".java");
        String source = head + out.toString().stripTrailing() + "\n}\n";
        if (!Files.exists(file) || !Files.readString(file).equals(source)) {
            Files.writeString(file, source);
        }
    }
}
