package org.jadi.mpi;

/** What the generated calls with a datatype have in common: a {@link TypedBuffer}, then the call of {@link Transfer}. */
final class TypedCalls {
    private TypedCalls() {}

    static void send(Transfer t, SendKind kind, TypedBuffer b, int dest, int tag) {
        if (b.plan == null) {
            t.send(kind, b.segment, b.offset, b.bytes, dest, tag);
        } else {
            t.send(kind, b.plan, dest, tag);
        }
    }

    static Request isend(Transfer t, SendKind kind, TypedBuffer b, int dest, int tag) {
        return b.plan == null ? t.isend(kind, b.segment, b.offset, b.bytes, dest, tag) : t.isend(kind, b.plan, dest, tag);
    }

    static PersistentRequest sendInit(Transfer t, SendKind kind, TypedBuffer b, int dest, int tag) {
        return b.plan == null ? t.sendInit(kind, b.segment, b.offset, b.bytes, dest, tag)
                : t.sendInit(kind, b.plan, dest, tag);
    }

    static Status recv(Transfer t, TypedBuffer b, int source, int tag) {
        return b.plan == null ? t.recv(b.segment, b.offset, b.bytes, source, tag) : t.recv(b.plan, source, tag);
    }

    static Request irecv(Transfer t, TypedBuffer b, int source, int tag) {
        return b.plan == null ? t.irecv(b.segment, b.offset, b.bytes, source, tag) : t.irecv(b.plan, source, tag);
    }

    static PersistentRequest recvInit(Transfer t, TypedBuffer b, int source, int tag) {
        return b.plan == null ? t.recvInit(b.segment, b.offset, b.bytes, source, tag) : t.recvInit(b.plan, source, tag);
    }

    static Status receive(Message message, TypedBuffer b) {
        return b.plan == null ? message.receive(b.segment, b.offset, b.bytes) : message.receive(b.plan);
    }

    static Request ireceive(Message message, TypedBuffer b) {
        return b.plan == null ? message.ireceive(b.segment, b.offset, b.bytes) : message.ireceive(b.plan);
    }

    static Status sendrecv(Transfer t, TypedBuffer out, int dest, int sendTag, TypedBuffer in, int source, int recvTag) {
        return Exchange.run(t, out.segment, out.offset, out.bytes, out.plan, dest, sendTag, in.segment, in.offset, in.bytes,
                in.plan, source, recvTag);
    }

    static Request isendrecv(Transfer t, TypedBuffer out, int dest, int sendTag, TypedBuffer in, int source, int recvTag) {
        return Exchange.start(t, out.segment, out.offset, out.bytes, out.plan, dest, sendTag, in.segment, in.offset, in.bytes,
                in.plan, source, recvTag);
    }

    static Status sendrecvReplace(Transfer t, TypedBuffer b, int dest, int sendTag, int source, int recvTag) {
        return Exchange.replace(t, b.segment, b.offset, b.bytes, b.plan, dest, sendTag, source, recvTag);
    }

    static Request isendrecvReplace(Transfer t, TypedBuffer b, int dest, int sendTag, int source, int recvTag) {
        return Exchange.replaceLater(t, b.segment, b.offset, b.bytes, b.plan, dest, sendTag, source, recvTag);
    }
}
