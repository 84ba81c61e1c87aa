package org.jadi.mpi;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.nio.charset.StandardCharsets;
import org.jadi.adi.config.Config;

/**
 * Objects as messages: one byte that says how, then nothing (null), UTF-8 text, or Java's serialization. Stateless, any
 * thread.
 */
final class ObjectCodec {
    private static final byte NULL = 0;
    private static final byte TEXT = 1;
    private static final byte SERIALIZED = 2;

    private final String pattern;
    private final long maxBytes;
    private volatile ObjectInputFilter filter;

    ObjectCodec(Config config) {
        pattern = config.text(MpiConfig.OBJECTS_FILTER);
        // A pattern of the user's is checked at once. The default is right, and making the first filter costs milliseconds (it
        // looks for loggers in all jars), which most programs need not spend.
        if (!pattern.equals(MpiConfig.OBJECTS_FILTER.defaultValue())) {
            filter = filter(pattern);
        }
        maxBytes = config.bytes(MpiConfig.OBJECTS_MAX_BYTES, 1, Integer.MAX_VALUE - 64);
    }

    private static ObjectInputFilter filter(String pattern) {
        try {
            return ObjectInputFilter.Config.createFilter(pattern);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(MpiConfig.OBJECTS_FILTER.property() + " is not a filter: " + e.getMessage()
                    + ": value=" + pattern, e);
        }
    }

    /** Two threads that make it at the same time make equal ones. */
    private ObjectInputFilter filter() {
        ObjectInputFilter made = filter;
        if (made == null) {
            made = filter(pattern);
            filter = made;
        }
        return made;
    }

    long maxBytes() {
        return maxBytes;
    }

    byte[] encode(Transfer t, Object object, String operation) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (object == null) {
                bytes.write(NULL);
            } else if (object instanceof String text && isPlain(text)) {
                bytes.write(TEXT);
                bytes.write(text.getBytes(StandardCharsets.UTF_8));
            } else {
                bytes.write(SERIALIZED);
                try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                    out.writeObject(object);
                }
            }
        } catch (IOException e) {
            throw t.error(ErrorClass.TYPE, operation, "the object cannot be serialized: type=" + object.getClass().getName()
                    + " cause=" + e, e);
        }
        return bytes.toByteArray();
    }

    /** Whether UTF-8 keeps the text: not with unpaired surrogates. */
    private static boolean isPlain(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    @SuppressWarnings("unchecked") // the sender's type cannot be known here
    <T> T decoded(Transfer t, byte[] message, String operation) {
        return (T) decode(t, message, operation);
    }

    Object decode(Transfer t, byte[] message, String operation) {
        int kind = message.length == 0 ? -1 : message[0];
        try {
            return switch (kind) {
                case NULL -> null;
                case TEXT -> new String(message, 1, message.length - 1, StandardCharsets.UTF_8);
                case SERIALIZED -> deserialize(new ByteArrayInputStream(message, 1, message.length - 1));
                default -> throw new IOException("not sent as an object: bytes=" + message.length);
            };
        } catch (IOException | ClassNotFoundException | RuntimeException e) {
            throw t.error(ErrorClass.TYPE, operation, "the object cannot be decoded (what may come in is set by "
                    + MpiConfig.OBJECTS_FILTER.property() + "): cause=" + e, e);
        }
    }

    private Object deserialize(InputStream bytes) throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new UserObjects(bytes)) {
            in.setObjectInputFilter(filter());
            return in.readObject();
        }
    }

    /** Finds classes where the program does: in-process ranks have a class loader each. */
    private static final class UserObjects extends ObjectInputStream {
        UserObjects(InputStream in) throws IOException {
            super(in);
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
            ClassLoader loader = Thread.currentThread().getContextClassLoader();
            try {
                return Class.forName(description.getName(), false, loader);
            } catch (ClassNotFoundException e) {
                return super.resolveClass(description);
            }
        }
    }
}
