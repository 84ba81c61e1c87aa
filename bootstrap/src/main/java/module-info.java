/** Who am I, who are the others: rank, size, key-value space and the job's secret. */
module org.jadi.bootstrap {
    exports org.jadi.bootstrap;
    exports org.jadi.bootstrap.crypto;
    exports org.jadi.bootstrap.folder;
    exports org.jadi.bootstrap.kvs;
}
