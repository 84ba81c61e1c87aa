package org.jadi.mpi;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Several objects, one behind the other. */
final class ObjectLists {
    private ObjectLists() {}

    /** Encoded objects and their lengths. */
    record Encoded(byte[] bytes, long[] lengths) {}

    static Encoded encode(Transfer t, List<?> objects, String operation) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        long[] lengths = new long[objects.size()];
        for (int i = 0; i < lengths.length; i++) {
            byte[] one = t.instance.objects.encode(t, objects.get(i), operation);
            lengths[i] = one.length;
            bytes.writeBytes(one);
        }
        return new Encoded(bytes.toByteArray(), lengths);
    }

    static <T> List<T> decode(Transfer t, byte[] all, long[] lengths, String operation) {
        List<T> objects = new ArrayList<>();
        int at = 0;
        for (long length : lengths) {
            objects.add(t.instance.objects.decoded(t, Arrays.copyOfRange(all, at, at + (int) length), operation));
            at += (int) length;
        }
        return objects;
    }
}
