package org.jadi.launcher.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RemoteShellTest {
    @Test
    void shouldPutHostAndCommandWhereTheyBelong() {
        assertEquals(List.of("ssh", "-p", "2222", "-T", "-x", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "h1",
                "exec /opt/java -cp 'a b'"), RemoteShell.command(List.of("ssh", "-p", "2222"), "h1",
                List.of("/opt/java", "-cp", "a b")));
        assertEquals(List.of("srun", "-w", "h1", "sh", "-c", "exec x"),
                RemoteShell.command(List.of("srun", "-w", "{host}", "sh", "-c"), "h1", List.of("x")));
        assertEquals(List.of("myshell", "h1", "exec x"), RemoteShell.command(List.of("myshell"), "h1", List.of("x")));
    }

    @Test
    void shouldQuoteForRealShell() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String letters = "ab '\"\\$`!*?~#&;|<>(){}[]\t\u00e4\u20ac=";
        List<String> words = new ArrayList<>(List.of("printf", "%s\\0", "", "a'b", "$HOME", "`id`"));
        for (int i = 0; i < 100; i++) {
            StringBuilder word = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                word.append(letters.charAt(random.nextInt(letters.length())));
            }
            words.add(word.toString());
        }
        List<String> command = RemoteShell.command(List.of("{host}", "-c"), "/bin/sh", words);
        Process shell = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        shell.getOutputStream().close();
        String out = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, shell.waitFor(), "seed=" + seed);
        assertEquals(String.join("\0", words.subList(2, words.size())) + "\0", out, "seed=" + seed);
    }
}
