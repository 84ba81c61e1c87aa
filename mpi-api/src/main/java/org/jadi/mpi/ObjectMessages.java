package org.jadi.mpi;

/**
 * Messages that are objects: any {@link java.io.Serializable}, with short cuts for {@link String} and null.
 *
 * <p>An object is copied when it is sent. What may come in is limited by an {@link java.io.ObjectInputFilter}, see the
 * configuration keys {@code objects.filter} and {@code objects.maxBytes}. The message is an ordinary one: source, tag and
 * probe work as always, but it must be received as an object.
 */
public sealed interface ObjectMessages permits Comm {
    /**
     * Sends an object in standard mode; blocking.
     *
     * @throws MpiException TYPE if it cannot be serialized; RANK, TAG, PROC_FAILED
     */
    default void sendObject(Object object, int dest, int tag) {
        Transfer t = ((Comm) this).transfer;
        byte[] message = t.instance.objects.encode(t, object, "sendObject");
        t.send(SendKind.STANDARD, t.view(message), 0, message.length, dest, tag);
    }

    /**
     * Sends an object in synchronous mode: returns when its receive has started; blocking.
     *
     * @throws MpiException TYPE if it cannot be serialized; RANK, TAG, PROC_FAILED
     */
    default void ssendObject(Object object, int dest, int tag) {
        Transfer t = ((Comm) this).transfer;
        byte[] message = t.instance.objects.encode(t, object, "ssendObject");
        t.send(SendKind.SYNCHRONOUS, t.view(message), 0, message.length, dest, tag);
    }

    /**
     * Starts to send an object in standard mode; the object itself may be changed at once.
     *
     * @throws MpiException TYPE if it cannot be serialized; RANK, TAG
     */
    default Request isendObject(Object object, int dest, int tag) {
        Transfer t = ((Comm) this).transfer;
        byte[] message = t.instance.objects.encode(t, object, "isendObject");
        return t.isend(SendKind.STANDARD, t.view(message), 0, message.length, dest, tag);
    }

    /**
     * Receives an object; blocking. Use {@link Probing#mprobe} and {@link Message#recvObject} to learn source and tag as well.
     *
     * @param <T> type that the caller expects; a message with another is noticed where the object is used
     * @return the object; null from {@link Comm#PROC_NULL}
     * @throws MpiException TYPE if it cannot be decoded; TRUNCATE beyond {@code objects.maxBytes}; RANK, TAG, PROC_FAILED
     */
    default <T> T recvObject(int source, int tag) {
        Transfer t = ((Comm) this).transfer;
        ObjectPlan plan = new ObjectPlan(t.instance.objects.maxBytes());
        Status status = t.recv(plan, source, tag);
        return status == Status.NO_PROCESS ? null : t.instance.objects.decoded(t, plan.message(), "recvObject");
    }

    /**
     * Starts to receive an object.
     *
     * @param <T> type that the caller expects; a message with another is noticed where the object is used
     * @throws MpiException RANK, TAG
     */
    default <T> ObjectRequest<T> irecvObject(int source, int tag) {
        Transfer t = ((Comm) this).transfer;
        ObjectPlan plan = new ObjectPlan(t.instance.objects.maxBytes());
        if (!t.mayTalk(source, tag) && t.checkReceive("irecvObject", source, tag)) {
            return new ObjectRequest<>(t, null, plan);
        }
        org.jadi.adi.request.Request request = new org.jadi.adi.request.Request();
        t.startReceive(request, "irecvObject", null, 0, plan.bytes(), plan, source, tag);
        return new ObjectRequest<>(t, request, plan);
    }
}
