/** The command mpirun. */
module org.jadi.launcher {
    requires org.jadi.bootstrap;
    requires java.compiler;
    requires jdk.compiler;
}
