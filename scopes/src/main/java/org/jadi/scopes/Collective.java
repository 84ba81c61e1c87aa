package org.jadi.scopes;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jadi.scopes.error.ErrorCode;
import org.jadi.scopes.error.ResourceUnavailableException;
import org.jadi.scopes.error.ScopeException;
import org.jadi.scopes.error.SplitException;
import org.jadi.scopes.error.StaleScopeException;
import org.jadi.scopes.group.Group;

/**
 * Exchanges of a group in which a member that fails says so in place of its part. So all get through, and all fail alike.
 */
final class Collective {
    private Collective() {}

    /** What a member brings, or why it cannot. */
    private record Part(ErrorCode code, String text) {}

    /**
     * Gives everybody everybody's text.
     *
     * @param operation for messages; all members must be in the same one
     * @param mine makes this member's text; what it throws goes to all members
     */
    static List<String> exchange(Group group, String operation, Supplier<String> mine) {
        RuntimeException own = null;
        Part part;
        try {
            part = new Part(null, mine.get());
        } catch (RuntimeException e) {
            own = e;
            part = new Part(codeOf(e), String.valueOf(e.getMessage()));
        }
        List<byte[]> all = group.allgather(encode(operation, part));
        List<String> texts = new ArrayList<>();
        for (int rank = 0; rank < all.size(); rank++) {
            Part theirs = decode(operation, rank, all.get(rank));
            if (theirs.code != null) {
                // The first failure, for everybody the same.
                throw rank == group.rank() && own != null && group.size() == 1 ? own : failure(theirs, rank, group.size());
            }
            texts.add(theirs.text);
        }
        return texts;
    }

    private static RuntimeException failure(Part part, int rank, int size) {
        String text = size == 1 ? part.text : "member " + rank + " of " + size + ": " + part.text;
        return switch (part.code) {
            case SPLIT -> new SplitException(text);
            case STALE -> new StaleScopeException(text);
            case RESOURCE_UNAVAILABLE -> new ResourceUnavailableException(text, 0, 0, List.of());
            default -> new ScopeException(part.code, text);
        };
    }

    private static ErrorCode codeOf(RuntimeException e) {
        return switch (e) {
            case ScopeException s -> s.code();
            case IllegalArgumentException i -> ErrorCode.INVALID_ARGUMENT;
            case NullPointerException n -> ErrorCode.INVALID_ARGUMENT;
            case UnsupportedOperationException u -> ErrorCode.NOT_SUPPORTED;
            default -> ErrorCode.INTERNAL;
        };
    }

    private static byte[] encode(String operation, Part part) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(operation);
            out.writeUTF(part.code == null ? "" : part.code.name());
            byte[] text = part.text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            out.writeInt(text.length);
            out.write(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static Part decode(String operation, int rank, byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            String theirs = in.readUTF();
            if (!theirs.equals(operation)) {
                throw new ScopeException(ErrorCode.INVALID_ARGUMENT, "members of the group are in different operations: rank=" + rank
                        + " is in " + theirs + ", another in " + operation);
            }
            String code = in.readUTF();
            byte[] text = in.readNBytes(in.readInt());
            return new Part(code.isEmpty() ? null : ErrorCode.valueOf(code), new String(text,
                    java.nio.charset.StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new ScopeException(ErrorCode.TRANSPORT, "a member of the group sent what is no part: rank=" + rank, e);
        }
    }
}
