package org.jadi.bootstrap.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RandomnessTest {
    private static final int WORDS = 256;

    @Test
    void shouldSetEveryBitOfAWordSometimes() {
        long ever = 0;
        long always = -1;
        for (int i = 0; i < WORDS; i++) {
            long word = Randomness.word();
            ever |= word;
            always &= word;
        }
        assertEquals(-1, ever);
        assertEquals(0, always);
    }

    @Test
    void shouldNotGiveANameTwice() {
        assertNotEquals(Randomness.name("job-"), Randomness.name("job-"));
    }
}
