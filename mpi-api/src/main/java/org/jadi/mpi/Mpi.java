package org.jadi.mpi;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jadi.adi.config.Config;
import org.jadi.adi.config.ConfigKey;
import org.jadi.adi.engine.Engine;
import org.jadi.bootstrap.Bootstrap;
import org.jadi.bootstrap.BootstrapException;
import org.jadi.bootstrap.Bootstraps;
import org.jadi.mpi.launch.LocalJob;
import org.jadi.mpi.launch.RankLoader;

/**
 * The open library: the entry to everything. MPI 4.1 §11.2 (the world model).
 *
 * <pre>{@code
 * try (Mpi mpi = Mpi.init(args)) {
 *     Comm world = mpi.world();
 *     ...
 * }
 * }</pre>
 *
 * <p>{@link #close} never waits for another rank, because it also runs while an exception leaves the block. What was sent
 * is delivered after it, by a thread that lives until the program's own has ended. An exception that no thread catches
 * ends the whole job, with a message that names the rank. Any thread may call any method ({@code MPI_THREAD_MULTIPLE}).
 */
public final class Mpi implements AutoCloseable {
    /** Bytes that a buffered message takes in the attached buffer beside its data ({@code MPI_BSEND_OVERHEAD}, MPI 4.1 §3.6). */
    public static final int BSEND_OVERHEAD = 64;

    /** A buffer as large as it needs to be ({@code MPI_BUFFER_AUTOMATIC}, MPI 4.1 §3.6). */
    public static final long BUFFER_AUTOMATIC = Long.MAX_VALUE;

    private static final long START_NS = System.nanoTime();
    private static final AtomicBoolean INITIALIZED = new AtomicBoolean();

    private final Instance instance;
    private final Finalizer finalizer;
    private final String[] args;
    private final IntraComm world;
    private final IntraComm self;
    private final Thread main = Thread.currentThread();

    private Mpi(Bootstrap bootstrap, Config config, String[] args) {
        this.args = args.clone();
        this.instance = new Instance(bootstrap, config);
        this.finalizer = new Finalizer(instance);
        int rank = bootstrap.rank();
        this.world = new IntraComm(new CommSeed(instance, null, "world", Contexts.WORLD, rank,
                Members.ofJob(bootstrap.size(), Contexts.WORLD)));
        this.self = new IntraComm(new CommSeed(instance, null, "self", Contexts.SELF, 0,
                Members.of(1, new int[] {rank}, new int[] {Contexts.SELF})));
        world.setName("world");
        self.setName("self");
        bootstrap.onStateRequest(instance.engine::describe);
        bootstrap.onLauncherLost(this::onLauncherLost);
        if (instance.isProcess) {
            UncaughtExceptions.install(instance, finalizer);
        }
        report(config);
        if (rank == 0) {
            config.strays(Mpi::allKeys).forEach(instance.engine.log()::warn);
        }
    }

    /**
     * Joins the job that this process was started in ({@code MPI_Init}, MPI 4.1 §11.2.1); without a launcher, a job of one
     * rank. Collective over the job. Once in a process. Every thread may call the library: what {@code MPI_Init_thread} is
     * asked for, and {@code MPI_Query_thread} tells, is always {@code MPI_THREAD_MULTIPLE}.
     *
     * @param args the program's own arguments, returned by {@link #args}
     * @throws MpiException OTHER if it was called before, the launcher cannot be reached, or no device serves a rank
     */
    public static Mpi init(String... args) {
        RankLoader loader = rankLoader();
        Bootstrap place = loader == null ? null : loader.takePlace();
        if (place == null && (loader != null || !INITIALIZED.compareAndSet(false, true))) {
            throw new MpiException(ErrorClass.OTHER, "Mpi.init: called twice in this process; keep the first Mpi and share it");
        }
        try {
            return init(place == null ? Bootstraps.open() : place, Config.load(), args);
        } catch (BootstrapException | IllegalArgumentException e) {
            throw new MpiException(ErrorClass.OTHER, "Mpi.init: " + e.getMessage(), e);
        }
    }

    /** Finds out whether this rank is a thread of {@link org.jadi.mpi.launch.InProcess}. */
    private static RankLoader rankLoader() {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        while (loader != null && !(loader instanceof RankLoader)) {
            loader = loader.getParent();
        }
        return (RankLoader) loader;
    }

    /**
     * Joins a job from a place in it; for ranks that are threads, and for programs that bring their own launcher. May be
     * called for several places in one JVM, by a thread each.
     *
     * @throws MpiException OTHER if the others cannot be reached
     */
    public static Mpi init(Bootstrap bootstrap, Config config, String... args) {
        try {
            Mpi mpi = new Mpi(bootstrap, config, args);
            INITIALIZED.set(true);
            return mpi;
        } catch (MpiException e) {
            throw e;
        } catch (RuntimeException e) {
            bootstrap.close();
            throw new MpiException(ErrorClass.OTHER, "Mpi.init, rank " + bootstrap.rank() + " of " + bootstrap.size() + ": "
                    + e.getMessage(), e);
        }
    }

    /** Returns the program's own arguments. */
    public String[] args() {
        return args.clone();
    }

    /** Returns the communicator of all ranks ({@code MPI_COMM_WORLD}, MPI 4.1 §7.2). */
    public IntraComm world() {
        return world;
    }

    /** Returns the communicator of this rank alone ({@code MPI_COMM_SELF}, MPI 4.1 §7.2). */
    public IntraComm self() {
        return self;
    }

    /** Returns the error classes and codes, to which libraries may add. MPI 4.1 §9.5. */
    public ErrorCodes errorCodes() {
        return instance.errorCodes;
    }

    /**
     * Returns whether {@link #init} was called in this process ({@code MPI_Initialized}, MPI 4.1 §11.2.3); of ranks that are
     * threads, whether it was in one of them.
     */
    public static boolean isInitialized() {
        return INITIALIZED.get();
    }

    /** Returns whether the caller is the thread that called {@link #init} ({@code MPI_Is_thread_main}, MPI 4.1 §11.2.1). */
    public boolean isThreadMain() {
        return Thread.currentThread() == main;
    }

    /**
     * Returns the types of hardware resources of this node, each with "true" if this process is restricted to one resource of
     * the type, or "false" ({@code MPI_Get_hw_resource_info}, MPI 4.1 §9.1.2). The keys are what
     * {@link IntraComm#splitType} takes as {@code mpi_hw_resource_type}. Empty where no module knows the hardware.
     */
    public static Info hardwareResources() {
        return SplitByType.resources();
    }

    /** Returns whether the library was not closed ({@code MPI_Finalized}, MPI 4.1 §11.2.2, the other way round). */
    public boolean isOpen() {
        return instance.isOpen();
    }

    /** Returns the time in seconds since some moment in the past ({@code MPI_Wtime}, MPI 4.1 §9.6). Local. */
    public static double wtime() {
        return (System.nanoTime() - START_NS) / 1e9;
    }

    /** Returns the resolution of {@link #wtime} in seconds ({@code MPI_Wtick}, MPI 4.1 §9.6). */
    public static double wtick() {
        return 1e-9;
    }

    /** Returns the name of this host ({@code MPI_Get_processor_name}, MPI 4.1 §9.1.1). */
    public static String processorName() {
        try {
            Path linux = Path.of("/proc/sys/kernel/hostname");
            return Files.isReadable(linux) ? Files.readString(linux).strip() : InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        } catch (IOException e) {
            throw new MpiException(ErrorClass.OTHER, "processorName: " + e.getMessage(), e);
        }
    }

    /** Returns the version of the standard ({@code MPI_Get_version}, MPI 4.1 §9.1.1). */
    public static String version() {
        return "4.1";
    }

    /** Returns name and version of this library ({@code MPI_Get_library_version}, MPI 4.1 §9.1.1). */
    public static String libraryVersion() {
        String version = Mpi.class.getPackage().getImplementationVersion();
        return "Jadi" + (version == null ? "" : " " + version);
    }

    /**
     * Allocates zeroed memory that devices can reach without a copy ({@code MPI_Alloc_mem}, MPI 4.1 §9.2). Any thread may
     * use it; it is freed by {@link #free}, or with the library.
     *
     * @param bytes size, 0 or more
     * @throws MpiException NO_MEM if there is no room for it
     */
    public MemorySegment allocate(long bytes) {
        instance.checkOpen("allocate");
        if (bytes < 0) {
            throw new MpiException(ErrorClass.ARG, "allocate: the size is 0 or more: bytes=" + bytes);
        }
        try {
            return instance.engine.memory().allocate(bytes);
        } catch (RuntimeException | OutOfMemoryError e) {
            throw new MpiException(ErrorClass.NO_MEM, "allocate: " + e.getMessage() + ": bytes=" + bytes, e);
        }
    }

    /**
     * Frees memory of {@link #allocate} ({@code MPI_Free_mem}, MPI 4.1 §9.2). It must not be used any more.
     *
     * @throws MpiException BASE if it is not such memory
     */
    public void free(MemorySegment memory) {
        instance.checkOpen("free");
        try {
            instance.engine.memory().free(memory);
        } catch (RuntimeException e) {
            throw new MpiException(ErrorClass.BASE, "free: " + e.getMessage(), e);
        }
    }

    /**
     * Attaches a buffer for the messages of buffered mode ({@code MPI_Buffer_attach}, MPI 4.1 §3.6). The library brings the
     * memory; what counts is the size: data plus {@link #BSEND_OVERHEAD} for each message.
     *
     * @param bytes size, 0 or more, or {@link #BUFFER_AUTOMATIC}
     * @throws MpiException BUFFER if one is attached already; ARG
     */
    public void attachBuffer(long bytes) {
        instance.buffer.attach(bytes);
    }

    /**
     * Detaches the buffer, after all messages in it are out ({@code MPI_Buffer_detach}, MPI 4.1 §3.6).
     *
     * @return its size in bytes
     * @throws MpiException BUFFER if none is attached
     */
    public long detachBuffer() {
        return instance.buffer.detach();
    }

    /**
     * Waits until all messages that are in the buffer now are out ({@code MPI_Buffer_flush}, MPI 4.1 §3.6).
     *
     * @throws MpiException BUFFER if none is attached
     */
    public void flushBuffer() {
        instance.buffer.flush();
    }

    /**
     * Starts to wait until all messages that are in the buffer now are out ({@code MPI_Buffer_iflush}, MPI 4.1 §3.6).
     *
     * @return the request, to be completed
     * @throws MpiException BUFFER if none is attached
     */
    public Request iflushBuffer() {
        return instance.buffer.iflush(world.transfer);
    }

    /**
     * Makes a communicator of a group; only its processes call it ({@code MPI_Comm_create_from_group}, MPI 4.1 §7.4.2).
     *
     * @param group processes of the job, the caller among them
     * @param tag tells calls apart that several threads make at the same time; the same on all processes
     * @param hints hints of the communicator
     * @param handler what happens to errors, also of this call
     * @throws MpiException GROUP if it is null or the caller is not in it; ARG, INFO, PROC_FAILED
     */
    public IntraComm createFromGroup(Group group, String tag, Info hints, Errhandler handler) {
        return FromGroups.create(world, group, tag, hints, handler);
    }

    /**
     * Makes a communicator of two groups; only their processes call it ({@code MPI_Intercomm_create_from_groups}, MPI 4.1
     * §7.6.2).
     *
     * @param local group of the caller
     * @param localLeader rank in it, the same on all its processes
     * @param remote the other group, without a process of the local one
     * @param remoteLeader rank in it, the same on all processes of the local group
     * @param tag tells calls apart that several threads make at the same time; the same on all processes
     * @param hints hints of the communicator
     * @param handler what happens to errors, also of this call
     * @throws MpiException GROUP, RANK, ARG, INFO, PROC_FAILED
     */
    public InterComm createInterFromGroups(Group local, int localLeader, Group remote, int remoteLeader, String tag, Info hints,
            Errhandler handler) {
        return FromGroups.createInter(world, local, localLeader, remote, remoteLeader, tag, hints, handler);
    }

    /**
     * Ends the job ({@code MPI_Abort}, MPI 4.1 §11.4). Does not return.
     *
     * @param code exit code of the job, 1 to 255
     */
    public void abort(int code) {
        instance.abort(code, LocalJob.CALLED);
    }

    /**
     * Ends the use of the library ({@code MPI_Finalize}, MPI 4.1 §11.2.2). Never waits for another rank: what was sent is
     * delivered afterwards, before the process ends. A second call does nothing.
     *
     * <p>First the attributes of self, then those of world are deleted, the latest first, while the library can still be
     * used (MPI 4.1 §11.2.4).
     *
     * @throws MpiException OTHER if a delete callback failed; the library is closed all the same
     */
    @Override
    public void close() {
        try {
            if (instance.isOpen()) {
                self.attributes.deleteAll();
                world.attributes.deleteAll();
            }
        } finally {
            instance.shut();
            if (!instance.isProcess) {
                instance.bootstrap.local().put(LocalJob.CLOSING + instance.bootstrap.rank(), true);
            }
            finalizer.begin();
        }
    }

    /** Returns the configuration keys of this module, for documentation. */
    public static List<ConfigKey> configKeys() {
        return MpiConfig.KEYS;
    }

    private static List<ConfigKey> allKeys() {
        List<ConfigKey> all = new ArrayList<>(configKeys());
        all.addAll(Engine.configKeys());
        Engine.deviceKeys().values().forEach(all::addAll);
        return all;
    }

    private void onLauncherLost() {
        finalizer.fail();
        if (instance.isProcess) {
            System.err.println("jadi: rank " + world.rank() + ": the launcher is gone; ending");
            Runtime.getRuntime().halt(1);
        }
        instance.engine.abandon("the job was aborted");
        finalizer.begin();
    }

    private void report(Config config) {
        ConfigKey key = Engine.configKeys().stream().filter(k -> k.name().equals("reportDevices")).findFirst().orElseThrow();
        if (config.flag(key)) {
            System.err.print(instance.engine.reportDevices().indent(0).replaceAll("(?m)^", "jadi: devices:"));
        }
    }
}
