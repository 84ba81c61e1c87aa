package org.jadi.bootstrap.kvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class KvsLineTest {
    @Test
    void shouldWriteAsDocumented() {
        assertEquals("cmd=put key=a value=Zm9v\n", KvsLine.write("put", "key", "a", "value", KvsLine.encode("foo".getBytes())));
    }

    @Test
    void shouldReadWhatIsWritten() {
        KvsLine line = KvsLine.parse("cmd=put key=a=b value=");
        assertEquals("put", line.command());
        assertEquals("a=b", line.field("key"));
        assertEquals(0, line.bytes("value").length);
        assertEquals("", line.field("other"));
    }

    @Test
    void shouldRefuseMalformedLines() {
        for (String text : new String[] {"", " ", "put", "=put", "key=a cmd=put", "cmd=put  key=a", "cmd=put key", "cmd=a cmd=b",
            "cmd=put key=\u00e4", "cmd=put\tkey=a"}) {
            assertNull(KvsLine.parse(text), text);
        }
        assertNull(KvsLine.parse("cmd=put value=***").bytes("value"));
    }
}
