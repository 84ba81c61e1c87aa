package org.jadi.mpi;

import java.util.HashMap;
import java.util.Map;

/**
 * The error classes and codes of a rank: the standard's ({@link ErrorClass}, whose codes are their ordinals), and those that
 * libraries above MPI add. MPI 4.1 §9.4, §9.5. Local; any thread.
 */
public final class ErrorCodes {
    /** Longest text, in characters ({@code MPI_MAX_ERROR_STRING}). */
    public static final int MAX_STRING = 512;

    /** The highest of the standard's codes ({@code MPI_ERR_LASTCODE}). */
    public static final int LAST_CODE = ErrorClass.values().length - 1;

    private static final int PREDEFINED = ErrorClass.values().length;

    // guarded by this
    private final Map<Integer, Integer> classes = new HashMap<>();
    private final Map<Integer, String> strings = new HashMap<>();
    private int next = PREDEFINED;

    ErrorCodes() {}

    /** Adds a class, which is also a code of its own ({@code MPI_Add_error_class}, MPI 4.1 §9.5). */
    public synchronized int addClass() {
        classes.put(next, next);
        return next++;
    }

    /**
     * Adds a code to a class ({@code MPI_Add_error_code}, MPI 4.1 §9.5).
     *
     * @param errorClass an added class, or the ordinal of one of the standard's
     * @throws MpiException ARG if it is no class
     */
    public synchronized int addCode(int errorClass) {
        if (classOf(errorClass) != errorClass) {
            throw wrong("addCode", "not a class", errorClass);
        }
        classes.put(next, errorClass);
        return next++;
    }

    /**
     * Sets the text of an added class or code ({@code MPI_Add_error_string}, MPI 4.1 §9.5).
     *
     * @throws MpiException ARG if the code was not added, or the text is null or too long
     */
    public synchronized void addString(int code, String text) {
        checkAdded("addString", code);
        if (text == null || text.length() > MAX_STRING) {
            throw wrong("addString", "a text has 0 to " + MAX_STRING + " characters", code);
        }
        strings.put(code, text);
    }

    /**
     * Removes an added class ({@code MPI_Remove_error_class}, MPI 4.1 §9.5).
     *
     * @throws MpiException ARG if it was not added, or its text or a code of it was not removed before
     */
    public synchronized void removeClass(int errorClass) {
        checkAdded("removeClass", errorClass);
        boolean inUse = classes.entrySet().stream().anyMatch(e -> e.getValue() == errorClass && e.getKey() != errorClass);
        if (inUse || classes.get(errorClass) != errorClass || strings.containsKey(errorClass)) {
            throw wrong("removeClass", "not a class, or its text or a code of it is still there", errorClass);
        }
        classes.remove(errorClass);
    }

    /**
     * Removes an added code ({@code MPI_Remove_error_code}, MPI 4.1 §9.5).
     *
     * @throws MpiException ARG if it was not added, is a class, or its text was not removed before
     */
    public synchronized void removeCode(int code) {
        checkAdded("removeCode", code);
        if (classes.get(code) == code || strings.containsKey(code)) {
            throw wrong("removeCode", "a class, or its text is still there", code);
        }
        classes.remove(code);
    }

    /**
     * Removes the text of an added class or code ({@code MPI_Remove_error_string}, MPI 4.1 §9.5).
     *
     * @throws MpiException ARG if the code was not added, or has no text
     */
    public synchronized void removeString(int code) {
        checkAdded("removeString", code);
        if (strings.remove(code) == null) {
            throw wrong("removeString", "no text is there", code);
        }
    }

    /**
     * Returns the class of a code ({@code MPI_Error_class}, MPI 4.1 §9.4).
     *
     * @throws MpiException ARG if there is no such code
     */
    public synchronized int classOf(int code) {
        if (code >= 0 && code < PREDEFINED) {
            return code;
        }
        checkAdded("classOf", code);
        return classes.get(code);
    }

    /**
     * Returns the text of a code ({@code MPI_Error_string}, MPI 4.1 §9.4); empty if none was added.
     *
     * @throws MpiException ARG if there is no such code
     */
    public synchronized String string(int code) {
        return classOf(code) == code && code < PREDEFINED ? "MPI_ERR_" + ErrorClass.values()[code]
                : strings.getOrDefault(code, "");
    }

    /** Returns the highest code that is in use ({@code MPI_LASTUSEDCODE}, MPI 4.1 §9.5). */
    public synchronized int lastUsedCode() {
        return classes.keySet().stream().mapToInt(Integer::intValue).max().orElse(LAST_CODE);
    }

    /** Makes the exception of a code; its class is one of the standard's if the code's is, otherwise OTHER. */
    MpiException exception(int code, String operation) {
        int errorClass = classOf(code);
        return new MpiException(code, errorClass < PREDEFINED ? ErrorClass.values()[errorClass] : ErrorClass.OTHER,
                operation + ": " + string(code) + " code=" + code);
    }

    private void checkAdded(String operation, int code) {
        if (!classes.containsKey(code)) {
            throw wrong(operation, "not an added class or code", code);
        }
    }

    private static MpiException wrong(String operation, String what, int code) {
        return new MpiException(ErrorClass.ARG, "ErrorCodes." + operation + ": " + what + ": code=" + code);
    }
}
