package org.jadi.launcher.job;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import org.jadi.launcher.LauncherException;
import org.jadi.launcher.options.JobOptions;
import org.jadi.launcher.output.LineDecoration;
import org.jadi.launcher.output.LineTarget;
import org.jadi.launcher.output.OutputSink;
import org.jadi.launcher.output.RankStream;

/** Where each rank's output goes, by the user's options. */
public final class Outputs implements RankTargets {
    /** System property with the streams of mpirun that are terminals ({@code out}, {@code err}), set by the script. */
    static final String TERMINAL_PROPERTY = "jadi.terminal";

    private final JobOptions options;
    private final Runnable onGone;
    private final OutputSink out;
    private final OutputSink error;
    private final OutputSink[] files;
    private final boolean terminal;

    /**
     * Prepares the ways of all ranks' output.
     *
     * @param onGone runs once, when nobody reads any more
     */
    public Outputs(JobOptions options, int size, Runnable onGone) {
        this.options = options;
        this.onGone = onGone;
        out = new OutputSink(new FileOutputStream(FileDescriptor.out), onGone);
        error = new OutputSink(new FileOutputStream(FileDescriptor.err), onGone);
        terminal = System.getProperty(TERMINAL_PROPERTY, "").contains("out");
        files = options.outputDirectory() == null ? null : new OutputSink[size];
    }

    /** Returns whether the user watches the output. */
    public boolean toTerminal() {
        return terminal && files == null;
    }

    @Override
    public LineTarget out(int rank) {
        return new RankStream(files == null ? out : file(rank), decoration(rank));
    }

    @Override
    public LineTarget error(int rank) {
        return new RankStream(files == null ? error : file(rank), decoration(rank));
    }

    private LineDecoration decoration(int rank) {
        return LineDecoration.of(rank, options.tagOutput(), toTerminal(), options.timestamp());
    }

    private OutputSink file(int rank) {
        if (files[rank] == null) {
            File folder = new File(options.outputDirectory());
            File file = new File(folder, "rank-" + rank + ".log");
            try {
                folder.mkdirs();
                files[rank] = new OutputSink(new FileOutputStream(file), onGone);
            } catch (IOException e) {
                throw new LauncherException(1, "cannot write the output of rank " + rank + ": file=" + file + " ("
                        + e.getMessage() + ")", e);
            }
        }
        return files[rank];
    }
}
