/** JUnit 5 tests that run on several ranks. */
module org.jadi.junit {
    requires transitive org.jadi.mpi;
    requires transitive org.junit.jupiter.api;

    exports org.jadi.junit;
}
