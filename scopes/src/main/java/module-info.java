/** The hardware as objects that programs split, bind and hand over. Works with and without MPI. */
module org.jadi.scopes {
    requires static transitive org.jadi.mpi;

    exports org.jadi.scopes;
    exports org.jadi.scopes.bind;
    exports org.jadi.scopes.command;
    exports org.jadi.scopes.error;
    exports org.jadi.scopes.group;
    exports org.jadi.scopes.load;
    exports org.jadi.scopes.mpi;
    exports org.jadi.scopes.node;
    exports org.jadi.scopes.place;
    exports org.jadi.scopes.split;
    exports org.jadi.scopes.topology;

    provides org.jadi.adi.placement.ThreadPlacement with org.jadi.scopes.mpi.HelperPlacement;
    provides org.jadi.mpi.TopologyProvider with org.jadi.scopes.mpi.HardwareOfRank;
}
