package org.jadi.mpi;

import java.util.Map;

/** The primitive types and their sizes in a message. */
final class Elements {
    private static final Map<Class<?>, Integer> BYTES = Map.of(byte.class, Byte.BYTES, boolean.class, 1, short.class,
            Short.BYTES, char.class, Character.BYTES, int.class, Integer.BYTES, long.class, Long.BYTES, float.class,
            Float.BYTES, double.class, Double.BYTES);

    private Elements() {}

    static int bytesOf(Class<?> primitive) {
        Integer bytes = primitive == null ? null : BYTES.get(primitive);
        if (bytes == null) {
            throw new MpiException(ErrorClass.TYPE, "a primitive type is wanted, such as int.class: type=" + primitive);
        }
        return bytes;
    }
}
