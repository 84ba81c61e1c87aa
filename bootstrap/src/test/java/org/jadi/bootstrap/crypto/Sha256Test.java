package org.jadi.bootstrap.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class Sha256Test {
    private static String hex(String text) {
        return HexFormat.of().formatHex(Sha256.digest(text.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void shouldGiveTheStandardsExamples() {
        assertEquals("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", hex(""));
        assertEquals("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", hex("abc"));
        assertEquals("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
                hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"));
    }

    @Test
    void shouldAgreeWithTheJdkAtEveryLengthAndHoweverItIsCut() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        MessageDigest jdk = MessageDigest.getInstance("SHA-256");
        for (int length = 0; length < 400; length++) {
            byte[] text = new byte[length];
            random.nextBytes(text);
            int cut = random.nextInt(length + 1);
            assertArrayEquals(jdk.digest(text),
                    Sha256.digest(Arrays.copyOf(text, cut), Arrays.copyOfRange(text, cut, length)),
                    "seed=" + seed + " length=" + length + " cut=" + cut);
        }
    }
}
