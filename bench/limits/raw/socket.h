/* Through a TCP connection over the loopback interface, with as few system calls as there can be: one to send a message behind 8 bytes
 * that tell its length, and one to receive it, in a loop until there is something. */
static struct sockaddr_in place;
static int stream; /* first what listens, then the connection */
static char early[1L << 20]; /* what was read behind the end of a message */
static long early_bytes;

static void prepare(void) {
    socklen_t length = sizeof place;
    place = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    stream = socket(AF_INET, SOCK_STREAM, 0);
    must(stream >= 0 && !bind(stream, (struct sockaddr *)&place, length) && !listen(stream, 1), "listen");
    must(!getsockname(stream, (struct sockaddr *)&place, &length), "getsockname");
}

static void join(void) {
    int listens = stream, one = 1;
    stream = own_rank ? socket(AF_INET, SOCK_STREAM, 0) : accept(listens, NULL, NULL);
    must(stream >= 0 && (!own_rank || !connect(stream, (struct sockaddr *)&place, sizeof place)), "connect");
    must(!close(listens) && !setsockopt(stream, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one), "TCP_NODELAY");
}

static void *memory_of(long bytes) {
    void *memory = NULL;
    return posix_memalign(&memory, 4096, bytes) ? NULL : memory;
}

/* Reads what there is: a length, and as much data. */
static int take(receive *r) {
    static int64_t length;
    static long length_bytes;
    struct iovec parts[2] = {{(char *)&length + length_bytes, 8 - length_bytes}, {r->data + r->got, r->room - r->got}};
    long room = 8 - length_bytes + r->room - r->got, n;
    if (length_bytes == 8) room = parts[1].iov_len = length - r->got;
    if (early_bytes > 0) {
        n = early_bytes < room ? early_bytes : room;
        long head = n < (long)parts[0].iov_len ? n : (long)parts[0].iov_len;
        memcpy(parts[0].iov_base, early, head);
        memcpy(parts[1].iov_base, early + head, n - head);
        memmove(early, early + n, early_bytes -= n);
    } else {
        n = recvmsg(stream, &(struct msghdr){.msg_iov = parts, .msg_iovlen = 2}, MSG_DONTWAIT);
        if (n < 0 && errno == EAGAIN) return 0;
        must(n > 0, "recvmsg");
    }
    long head = n < 8 - length_bytes ? n : 8 - length_bytes;
    length_bytes += head;
    r->got += n - head;
    if (length_bytes < 8) return 1;
    must(length <= r->room, "message too long");
    if (r->got > length) { /* the beginning of the next one */
        long more = r->got - length;
        must(early_bytes + more <= (long)sizeof early, "too much at once");
        memmove(early + more, early, early_bytes);
        memcpy(early, r->data + length, more);
        early_bytes += more;
        r->got = length;
    }
    if (r->got == length) {
        length_bytes = 0;
        received(length);
    }
    return 1;
}

static void put(const char *data, long bytes) {
    int64_t length = bytes;
    for (long done = -8; done < bytes;) {
        struct iovec parts[2] = {{(char *)&length + 8 + done, done < 0 ? -done : 0}, {(char *)data + (done < 0 ? 0 : done), bytes - (done < 0 ? 0 : done)}};
        int from = done >= 0;
        long n = sendmsg(stream, &(struct msghdr){.msg_iov = parts + from, .msg_iovlen = 2 - from}, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n > 0) done += n;
        else if (errno != EAGAIN) must(0, "sendmsg");
        else progress();
    }
}

static void await_lent(void) {}

static int sleeps(void) { return 0; }
