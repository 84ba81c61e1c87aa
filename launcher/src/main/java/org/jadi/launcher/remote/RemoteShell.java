package org.jadi.launcher.remote;

import java.io.File;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the command that runs another on a host. The words of the remote shell are followed by the host's name, or have it
 * in place of <code>{host}</code>, and then by one word: the command, quoted for the shell that reads it there. So
 * {@code ssh} will do, {@code ssh -p 2222}, or <code>srun -N1 -n1 -w {host} sh -c</code>.
 */
final class RemoteShell {
    private static final String HOST = "{host}";
    private static final List<String> SSH_OPTIONS = List.of("-T", "-x", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10");

    private RemoteShell() {
    }

    /** Returns what to execute here. */
    static List<String> command(List<String> shell, String host, List<String> remote) {
        List<String> words = new ArrayList<>();
        boolean placed = false;
        for (String word : shell) {
            placed |= word.contains(HOST);
            words.add(word.replace(HOST, host));
        }
        if (new File(shell.get(0)).getName().equals("ssh")) {
            // Never ask: nobody could answer 64 times. The user's own options follow, but the first of a kind counts: so last.
            words.addAll(SSH_OPTIONS);
        }
        if (!placed) {
            words.add(host);
        }
        StringBuilder line = new StringBuilder("exec");
        for (String word : remote) {
            line.append(' ').append(quoted(word));
        }
        words.add(line.toString());
        return words;
    }

    /** Quotes a word for any of the usual shells (sh, bash, zsh, csh, fish). */
    static String quoted(String word) {
        boolean plain = !word.isEmpty()
                && word.chars().allMatch(c -> Character.isLetterOrDigit(c) && c < 0x80 || "/._-+=:,@".indexOf(c) >= 0);
        return plain ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
