import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the interfaces of the calls with a datatype, which differ only in the type of their buffers. Run by the build:
 * {@code java GenerateTypedMessages.java OUTPUT_DIRECTORY}.
 */
final class GenerateTypedMessages {
    /**
     * A form of a buffer.
     *
     * @param type as in Java
     * @param offset type of the parameter that says where the first element of the datatype is, or null for none
     * @param unit what the offset counts
     * @param bytes of one unit
     */
    record Kind(String type, String offset, String unit, int bytes) {
        boolean isArray() {
            return type.endsWith("[]");
        }
    }

    /** A send mode: constant, first letters of its calls, what is special about it, section of the standard. */
    record Mode(String constant, String letter, String text, String section) {}

    private static final List<Kind> KINDS = kinds();

    private static final List<Mode> MODES = List.of(
            new Mode("STANDARD", "", "standard mode", "§3.2.1"),
            new Mode("BUFFERED", "b", "buffered mode (a buffer must be attached, see {@link Mpi#attachBuffer})", "§3.4"),
            new Mode("SYNCHRONOUS", "s", "synchronous mode", "§3.4"),
            new Mode("READY", "r", "ready mode: the receive must have been posted", "§3.4"));

    private static final String ERRORS = "TYPE (not committed, freed), COUNT (negative, or the data reaches beyond the buffer),"
            + "\n     *     BUFFER, RANK, TAG";

    private final StringBuilder out = new StringBuilder();

    private static List<Kind> kinds() {
        List<Kind> kinds = new ArrayList<>();
        String[] names = {"byte", "boolean", "char", "short", "int", "long", "float", "double"};
        int[] bytes = {1, 1, 2, 2, 4, 8, 4, 8};
        for (int i = 0; i < names.length; i++) {
            kinds.add(new Kind(names[i] + "[]", "int", "elements of the array", bytes[i]));
        }
        kinds.add(new Kind("MemorySegment", null, "", 1));
        kinds.add(new Kind("MemorySegment", "long", "bytes", 1));
        kinds.add(new Kind("Buffer", null, "", 1));
        return kinds;
    }

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0], "org", "jadi", "mpi");
        Files.createDirectories(folder);
        GenerateTypedMessages messages = new GenerateTypedMessages();
        for (Kind k : KINDS) {
            messages.sends(k);
            messages.receives(k);
            messages.replace(k, "Status", "sendrecvReplace", "MPI_Sendrecv_replace", "blocking");
            messages.replace(k, "Request", "isendrecvReplace", "MPI_Isendrecv_replace", "nonblocking");
            messages.exchange(k, "Status", "sendrecv", "MPI_Sendrecv", "blocking");
            messages.exchange(k, "Request", "isendrecv", "MPI_Isendrecv", "nonblocking");
        }
        messages.write(folder, "DatatypeMessages", "Comm", "Messages of elements that a {@link Datatype} describes; all of"
                + " point-to-point. MPI 4.1 §3, §5.1.11.");
        GenerateTypedMessages matched = new GenerateTypedMessages();
        KINDS.forEach(matched::matched);
        matched.write(folder, "MatchedDatatypeMessages", "Message", "Receive of elements that a {@link Datatype} describes, from"
                + " a message that a matched probe\n * has taken. MPI 4.1 §3.8.3.");
    }

    private void sends(Kind k) {
        for (Mode m : MODES) {
            String tail = ", dest, tag)";
            String kind = "SendKind." + m.constant();
            method("Sends elements of a datatype in " + m.text() + "; blocking.", "MPI_" + name(m.letter(), "send"), m.section(),
                    "void", m.letter() + "send", parameters(k, ""), "int dest, int tag", buffer(k, "", false) + DEST, null,
                    "TypedCalls.send(t, " + kind + ", " + view(k, "", kind + ".blocking", false) + tail);
            method("Starts to send elements of a datatype in " + m.text() + ".", "MPI_" + name("i" + m.letter(), "send"),
                    "§3.7.2", "Request", "i" + m.letter() + "send", parameters(k, ""), "int dest, int tag",
                    buffer(k, "", false) + DEST, "the request, to be completed", "TypedCalls.isend(t, " + kind + ", " + view(k, "", kind + ".nonblocking", false) + tail);
            method("Prepares to send elements of a datatype in " + m.text() + ".", "MPI_" + name(m.letter(), "send") + "_init",
                    "§3.9", "PersistentRequest", m.letter() + "sendInit", parameters(k, ""), "int dest, int tag",
                    buffer(k, "", false) + DEST, "the inactive request, to be started", "TypedCalls.sendInit(t, " + kind + ", " + view(k, "", kind + ".persistent", false) + tail);
        }
    }

    private void receives(Kind k) {
        String tail = ", source, tag)";
        String where = "int source, int tag";
        method("Receives elements of a datatype; blocking.", "MPI_Recv", "§3.2.4", "Status", "recv", parameters(k, ""), where,
                buffer(k, "", true) + SOURCE, "source, tag and received size; {@link Status#count(Datatype)} gives the number",
                "TypedCalls.recv(t, " + view(k, "", "\"recv\"", true) + tail);
        method("Starts to receive elements of a datatype.", "MPI_Irecv", "§3.7.2", "Request", "irecv", parameters(k, ""), where,
                buffer(k, "", true) + SOURCE, "the request, to be completed", "TypedCalls.irecv(t, " + view(k, "", "\"irecv\"", true) + tail);
        method("Prepares to receive elements of a datatype.", "MPI_Recv_init", "§3.9", "PersistentRequest", "recvInit",
                parameters(k, ""), where, buffer(k, "", true) + SOURCE, "the inactive request, to be started",
                "TypedCalls.recvInit(t, " + view(k, "", "\"recvInit\"", true) + tail);
    }

    private void matched(Kind k) {
        method("Receives elements of a datatype; blocking.", "MPI_Mrecv", "§3.8.3", "Status", "recv", parameters(k, ""), "",
                buffer(k, "", true), "source, tag and received size; {@link Status#count(Datatype)} gives the number",
                "TypedCalls.receive((Message) this, " + view(k, "", "\"mrecv\"", true) + ")");
        method("Starts to receive elements of a datatype.", "MPI_Imrecv", "§3.8.3", "Request", "irecv", parameters(k, ""), "",
                buffer(k, "", true), "the request, to be completed", "TypedCalls.ireceive((Message) this, " + view(k, "", "\"imrecv\"", true) + ")");
    }

    private void replace(Kind k, String result, String verb, String standard, String how) {
        method("Sends elements of a datatype, and receives a message into their place; " + how + ".", standard, "§3.11", result,
                verb, parameters(k, ""), "int dest, int sendTag, int source, int recvTag",
                buffer(k, "", true) + DEST_SEND + SOURCE_RECV, returns(result), "TypedCalls." + verb + "(t, " + view(k, "",
                "\"" + verb + "\"", true) + ",\n                dest, sendTag, source, recvTag)");
    }

    private void exchange(Kind k, String result, String verb, String standard, String how) {
        String parameters = parameters(k, "send") + ", int dest, int sendTag,\n            " + parameters(k, "recv");
        method("Sends elements of a datatype, and receives others; " + how + ".", standard, "§3.11", result, verb, parameters,
                "int source, int recvTag", buffer(k, "send", false) + DEST_SEND + buffer(k, "recv", true) + SOURCE_RECV,
                returns(result), "TypedCalls." + verb + "(t, " + view(k, "send", "\"" + verb + "\"", false)
                + ",\n                dest, sendTag, " + view(k, "recv", "\"" + verb + "\"", true)
                + ",\n                source, recvTag)");
    }

    private static String returns(String result) {
        return result.equals("Status") ? "source, tag and size of the received message" : "the request, to be completed";
    }

    private static String parameters(Kind k, String prefix) {
        return k.type() + " " + named(prefix, "buffer") + (k.offset() == null ? "" : ", " + k.offset() + " "
                + named(prefix, "offset")) + ", long " + named(prefix, "count") + ", Datatype " + named(prefix, "type");
    }

    /** The checked description of the buffer. */
    private static String view(Kind k, String prefix, String call, boolean writes) {
        String origin = k.offset() == null ? "0" : named(prefix, "offset") + (k.bytes() == 1 ? "" : " * " + k.bytes() + "L");
        return "TypedBuffer.of(t, " + call + ", " + (writes && !k.isArray() ? "t.writable(" : "t.view(")
                + named(prefix, "buffer") + "), " + origin + ", " + named(prefix, "count") + ", " + named(prefix, "type") + ")";
    }

    private static String named(String prefix, String word) {
        return prefix.isEmpty() ? word : prefix + Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    private static String buffer(Kind k, String prefix, boolean writes) {
        String doc = param(named(prefix, "buffer"), writes ? "where the data goes; its first byte is the origin of the type"
                : "the data; its first byte is the origin of the type");
        if (k.offset() != null) {
            doc = param(named(prefix, "buffer"), writes ? "where the data goes" : "the data")
                    + param(named(prefix, "offset"), "origin of the first element of the type, in " + k.unit());
        }
        return doc + param(named(prefix, "count"), "number of elements of the type, 0 or more")
                + param(named(prefix, "type"), "what an element is, and where its data lies; committed");
    }

    private static String param(String name, String text) {
        return "     * @param " + name + " " + text + "\n";
    }

    private void method(String text, String standard, String section, String result, String name, String parameters,
            String more, String doc, String returns, String call) {
        String owner = more.isEmpty() ? "Message" : "Comm";
        out.append("    /**\n     * ").append(text).append("\n     *\n     * <p>{@code ").append(standard).append("}, MPI 4.1 ")
                .append(section).append(".\n     *\n").append(doc);
        if (returns != null) {
            out.append("     * @return ").append(returns).append('\n');
        }
        out.append("     * @throws MpiException ").append(ERRORS).append("\n     */\n    default ").append(result).append(' ')
                .append(name).append('(').append(parameters).append(more.isEmpty() ? "" : ", ").append(more).append(") {\n")
                .append("        Transfer t = ((").append(owner).append(") this).transfer;\n        ")
                .append(result.equals("void") ? "" : "return ").append(call).append(";\n    }\n\n");
    }

    private static String name(String letters, String verb) {
        String s = letters + verb;
        return Character.toUpperCase(s.charAt(0)) + s.substring(1);
    }

    private static final String DEST = param("dest", "rank, or {@link Comm#PROC_NULL}") + param("tag", "0 or more");
    private static final String SOURCE = param("source", "rank, {@link Comm#ANY_SOURCE} or {@link Comm#PROC_NULL}")
            + param("tag", "0 or more, or {@link Comm#ANY_TAG}");
    private static final String DEST_SEND = param("dest", "rank to send to, or {@link Comm#PROC_NULL}")
            + param("sendTag", "tag of the sent message, 0 or more");
    private static final String SOURCE_RECV = param("source", "rank to receive from, {@link Comm#ANY_SOURCE} or {@link"
            + " Comm#PROC_NULL}") + param("recvTag", "tag of the received message, 0 or more, or {@link Comm#ANY_TAG}");

    private void write(Path folder, String name, String owner, String text) throws IOException {
        String head = """
                package org.jadi.mpi;

                import java.lang.foreign.MemorySegment;
                import java.nio.Buffer;

                // Generated by GenerateTypedMessages.java: do not edit.
                /**
                 * %s
                 *
                 * <p>A count is the number of elements of the datatype. The memory is never copied as a whole: what is not one run
                 * of bytes is packed and unpacked piece by piece while the message moves. Every method may be called by any
                 * thread. Errors go through the communicator's error handler, and are thrown.
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
