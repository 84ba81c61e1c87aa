package org.jadi.launcher.remote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.jar.JarFile;
import org.jadi.launcher.LauncherException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class StagedFilesTest {
    @TempDir
    Path folder;

    private Path file(int bytes, long seed) throws IOException {
        byte[] content = new byte[bytes];
        new Random(seed).nextBytes(content);
        return Files.write(folder.resolve("file" + bytes), content);
    }

    @Test
    void shouldFetchOnceWhatIsNotThere() throws Exception {
        StagedFiles source = new StagedFiles(folder.resolve("a"));
        StagedFiles target = new StagedFiles(folder.resolve("b"));
        for (int bytes : new int[] {0, 1, StagedFiles.CHUNK_BYTES, 2 * StagedFiles.CHUNK_BYTES + 77}) {
            Path original = file(bytes, 7);
            String name = source.add(original);
            assertFalse(target.has(name));
            target.fetch(name, source::piece);
            assertTrue(target.has(name));
            assertArrayEquals(Files.readAllBytes(original), Files.readAllBytes(target.folder().resolve(name)));
            target.fetch(name, (n, offset) -> {
                throw new IOException("asked again");
            });
        }
    }

    @Test
    void shouldRefuseWhatHasChanged() throws Exception {
        StagedFiles source = new StagedFiles(folder.resolve("a"));
        StagedFiles target = new StagedFiles(folder.resolve("b"));
        Path original = file(100, 7);
        String name = source.add(original);
        Files.writeString(original, "something else");
        LauncherException e = assertThrows(LauncherException.class, () -> target.fetch(name, source::piece));
        assertTrue(e.getMessage().startsWith("a staged file has changed on its way"), e.getMessage());
        assertFalse(target.has(name));
        try (var left = Files.list(target.folder())) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void shouldKnowNoOtherNames() {
        StagedFiles files = new StagedFiles(folder);
        for (String name : List.of("../../etc/passwd", "/etc/passwd", "a.jar", "", "0".repeat(64))) {
            assertThrows(LauncherException.class, () -> files.piece(name, 0), name);
        }
    }

    @Test
    void shouldDeleteWhatNobodyUses() throws Exception {
        StagedFiles source = new StagedFiles(folder.resolve("a"));
        StagedFiles target = new StagedFiles(folder.resolve("b"));
        String old = source.add(file(10, 1));
        target.fetch(old, source::piece);
        Files.setLastModifiedTime(target.folder().resolve(old), FileTime.from(Instant.now().minusSeconds(40L * 24 * 3600)));
        target.fetch(source.add(file(11, 2)), source::piece);
        assertFalse(Files.exists(target.folder().resolve(old)));
    }

    @Test
    void shouldMakeSameJarFromSameFiles() throws Exception {
        Path classes = Files.createDirectories(folder.resolve("classes/p"));
        Files.writeString(classes.resolve("B.class"), "b");
        Files.writeString(classes.resolve("A.class"), "a");
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        Jars.pack(classes.getParent(), first);
        Files.setLastModifiedTime(classes.resolve("A.class"), FileTime.from(Instant.EPOCH));
        ByteArrayOutputStream again = new ByteArrayOutputStream();
        Jars.pack(classes.getParent(), again);
        assertArrayEquals(first.toByteArray(), again.toByteArray());

        Path jar = Files.write(folder.resolve("x.jar"), first.toByteArray());
        Files.writeString(Files.createDirectories(folder.resolve("more/p")).resolve("A.class"), "other");
        ByteArrayOutputStream merged = new ByteArrayOutputStream();
        Jars.merge(List.of(jar, folder.resolve("more")), merged);
        try (JarFile both = new JarFile(Files.write(folder.resolve("m.jar"), merged.toByteArray()).toFile())) {
            assertEquals(2, both.size());
            assertEquals('a', both.getInputStream(both.getEntry("p/A.class")).read(), "the first counts");
        }
    }
}
