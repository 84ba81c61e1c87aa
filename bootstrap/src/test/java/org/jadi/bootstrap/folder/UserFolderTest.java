package org.jadi.bootstrap.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jadi.bootstrap.ThreadWatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The user's folder is there as long as a job is, and nothing of a living job is ever swept. */
@Timeout(120)
class UserFolderTest {
    @TempDir
    Path base;

    private final List<FolderProcess> started = new ArrayList<>();
    private UserFolder user;

    @BeforeEach
    void below() throws IOException {
        user = UserFolder.below(base);
    }

    @AfterEach
    void killAll() {
        started.forEach(FolderProcess::kill);
    }

    private FolderProcess start(String what, Object... more) throws IOException {
        FolderProcess process = FolderProcess.start(what, base, more);
        started.add(process);
        return process;
    }

    private void assertNothingLeft() throws IOException {
        try (Stream<Path> left = Files.walk(base)) {
            assertEquals(List.of(base), left.toList());
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void shouldAppearWithTheFirstJobAndGoWithTheLast() throws Exception {
        JobFolder a = user.enter("a", 0);
        JobFolder b = user.enter("b", JobFolder.LAUNCHER_BYTE);
        assertEquals("rwx------", mode(user.path()));
        assertEquals("rwx------", mode(a.path()));
        assertEquals("rw-------", mode(a.path().resolve(JobFolder.LOCK_FILE)));
        Files.createDirectories(a.path().resolve("x/y"));
        a.close();
        user.remove(a.path());
        assertFalse(Files.exists(a.path()));
        assertTrue(Files.exists(b.path()));
        b.close();
        user.remove(b.path());
        assertNothingLeft();
        user.remove(b.path());
        user.sweep();
        assertNothingLeft();
    }

    @Test
    void shouldBeGoneWithTheNextJobWhenTheLastWasKilled() throws Exception {
        FolderProcess killed = start("hold", "killed", 0).awaitReady();
        user.sweep();
        assertTrue(Files.exists(user.job("killed")), "it lives");
        killed.kill();
        assertTrue(Files.exists(user.job("killed")), "who is killed cannot delete anything");
        Files.createDirectory(user.path().resolve("died-before-it-had-a-lock-file"));
        JobFolder next = user.enter("next", 0);
        next.close();
        user.remove(next.path());
        assertNothingLeft();
    }

    /** To look into a lock file of one's own and close it again would drop the lock, which others would see. */
    @Test
    void shouldNotLoseItsOwnHoldBySweeping() throws Exception {
        JobFolder first = user.enter("own", 3);
        JobFolder second = JobFolder.hold(first.path(), 3);
        JobFolder other = JobFolder.hold(first.path(), 4);
        user.sweep();
        second.close();
        second.close();
        other.close();
        start("sweep").await();
        assertTrue(Files.exists(first.path()));
        assertEquals("true", start("held", "own", 3).await());
        assertEquals("false", start("held", "own", 4).await());
        first.close();
        assertEquals("false", start("held", "own", 3).await());
        start("sweep").await();
        assertNothingLeft();
    }

    @Test
    void shouldSeeWhoLivesWhenTheFolderIsGone() throws Exception {
        JobFolder mine = user.enter("job", 0);
        FolderProcess peer = start("hold", "job", 1).awaitReady();
        user.remove(mine.path());
        assertNothingLeft();
        assertTrue(mine.isHeld(0));
        assertTrue(mine.isHeld(1));
        assertFalse(mine.isHeld(2));
        JobFolder again = user.enter("job", 2);
        assertFalse(again.isHeld(1), "a folder of the same name is another folder");
        again.close();
        user.remove(again.path());
        peer.kill();
        assertFalse(mine.isHeld(1));
        mine.close();
        assertNothingLeft();
    }

    @Test
    void shouldRefuseAByteThatAnotherProcessHolds() throws Exception {
        FolderProcess peer = start("hold", "job", 1).awaitReady();
        IOException e = assertThrows(IOException.class, () -> user.enter("job", 1));
        assertTrue(e.getMessage().startsWith("another process already is this rank: byte 1 of " + user.job("job")), e.getMessage());
        assertTrue(Files.exists(user.job("job")));
        peer.kill();
        user.sweep();
        assertNothingLeft();
    }

    @Test
    void shouldRefuseWhatIsNotItsOwn() throws Exception {
        Path real = Files.createDirectory(base.resolve("elsewhere"));
        Files.createSymbolicLink(user.path(), real);
        assertRefused("it is no folder");
        Files.delete(user.path());
        Files.createFile(user.path());
        assertRefused("it is no folder");
        Files.delete(user.path());
        Files.createDirectory(user.path());
        Files.setPosixFilePermissions(user.path(), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertRefused("others may enter it");
    }

    @Test
    void shouldRefuseTheFolderOfAnotherUser() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can give a folder away");
        Files.createDirectory(user.path(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.setAttribute(user.path(), "unix:uid", 12345);
        assertRefused("it belongs to user 12345");
    }

    private void assertRefused(String why) throws IOException {
        IOException e = assertThrows(IOException.class, () -> user.enter("job", 0));
        assertTrue(e.getMessage().contains("folder=" + user.path() + " must be a folder of yours with mode 0700, but " + why), e.getMessage());
        user.sweep();
        assertTrue(Files.exists(user.path(), LinkOption.NOFOLLOW_LINKS), "what is not ours is not ours to delete");
        assertFalse(Files.exists(user.path().resolve(".sweep")));
    }

    @Test
    void shouldNameABaseThatIsNotThere() throws Exception {
        UserFolder nowhere = UserFolder.below(base.resolve("nowhere"));
        IOException e = assertThrows(NotDirectoryException.class, () -> nowhere.enter("job", 0));
        assertEquals(base.resolve("nowhere").toString(), e.getMessage());
        nowhere.sweep();
        assertNothingLeft();
    }

    /** Who waits for a file that its owner deletes at last begins anew. */
    @Test
    void shouldNotTakeTheLockOfADeletedFile() throws Exception {
        JobFolder hold = user.enter("first", 0);
        Path lockFile = user.path().resolve(".sweep");
        FutureTask<JobFolder> entering = new FutureTask<>(() -> user.enter("second", 0));
        try (FileChannel leaving = FileChannel.open(lockFile, StandardOpenOption.WRITE)) {
            leaving.lock();
            ThreadWatch.awaitWaitingIn("UserFolder.awaitLock", List.of(Thread.ofPlatform().daemon().start(entering)));
            hold.close();
            Files.delete(hold.path().resolve(JobFolder.LOCK_FILE));
            Files.delete(hold.path());
            Files.delete(lockFile);
            Files.delete(user.path());
        }
        JobFolder second = entering.get(60, TimeUnit.SECONDS);
        assertTrue(Files.exists(second.path()));
        assertTrue(Files.exists(lockFile));
        second.close();
        user.remove(second.path());
        assertNothingLeft();
    }

    @Test
    void shouldNotWaitLongForAProcessThatDoesNotLetGo() throws Exception {
        JobFolder hold = user.enter("job", 0);
        FolderProcess stopped = start("lock").awaitReady();
        hold.close();
        long begin = System.nanoTime();
        user.remove(hold.path());
        long seconds = (System.nanoTime() - begin) / 1_000_000_000L;
        assertTrue(seconds < UserFolder.ENTER_SECONDS / 2, "seconds=" + seconds);
        assertFalse(Files.exists(hold.path()), "that needs no lock");
        assertTrue(Files.exists(user.path()));
        stopped.kill();
        user.sweep();
        assertNothingLeft();
    }

    @Test
    void shouldEnterAndLeaveOnAThreadThatIsInterrupted() throws Exception {
        Thread.currentThread().interrupt();
        try {
            JobFolder hold = user.enter("job", 0);
            hold.close();
            user.remove(hold.path());
        } finally {
            assertTrue(Thread.interrupted());
        }
        assertNothingLeft();
    }

    /** Processes and threads that come and go, some without deleting what is theirs. */
    @Test
    void shouldLoseNothingInARace() throws Exception {
        long seed = Long.getLong("jadi.seed", System.nanoTime());
        System.out.println("seed=" + seed);
        List<FolderProcess> processes = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
            for (int i = 0; i < 3; i++) {
                processes.add(start("loop", "process-" + i, 300, seed + i));
            }
            List<Future<?>> threads = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                int me = i;
                threads.add(executor.submit(() -> {
                    FolderProcess.loop(user, "thread-" + me, 300, new Random(seed + 10 + me));
                    return null;
                }));
            }
            for (Future<?> thread : threads) {
                thread.get();
            }
            for (FolderProcess process : processes) {
                process.await();
            }
        }
        assertNothingLeft();
    }
}
