/** MPI: the public programming interface. */
module org.jadi.mpi {
    requires transitive org.jadi.adi;
    requires transitive org.jadi.bootstrap;

    exports org.jadi.mpi;
    exports org.jadi.mpi.launch;

    uses org.jadi.mpi.TopologyProvider;
}
