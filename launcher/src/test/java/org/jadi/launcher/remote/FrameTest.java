package org.jadi.launcher.remote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jadi.bootstrap.JobSecret;
import org.jadi.launcher.job.JobPlan;
import org.jadi.launcher.job.ProgramPlan;
import org.jadi.launcher.program.Command;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class FrameTest {
    private static byte[] written(Frame frame) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        frame.write(new DataOutputStream(out));
        return out.toByteArray();
    }

    private static Frame read(byte[] bytes) throws IOException {
        return Frame.read(new DataInputStream(new ByteArrayInputStream(bytes)));
    }

    @Test
    void shouldHaveItsLayout() throws Exception {
        byte[] body = new BodyWriter().integer(258).text("ab").done();
        assertEquals("0000000f" + "0d" + "00000007" + "00000102" + "00000002" + "6162",
                HexFormat.of().formatHex(written(new Frame(FrameType.OUTPUT, 7, body))));
        Frame back = read(written(new Frame(FrameType.OUTPUT, 7, body)));
        assertEquals(FrameType.OUTPUT, back.type());
        assertEquals(7, back.host());
        assertArrayEquals(body, back.body());
    }

    @Test
    void shouldRefuseWhatIsNoFrame() throws Exception {
        assertNull(read(new byte[0]));
        assertNull(read(Arrays.copyOf(written(new Frame(FrameType.END, 1, new byte[10])), 12)));
        for (String hex : List.of("00000004", "ffffffff", "7fffffff", "00000005ff00000000", "474554202f")) {
            assertThrows(IOException.class, () -> read(HexFormat.of().parseHex(hex)), hex);
        }
    }

    @Test
    void shouldCarryTask() {
        BitSet ranks = new BitSet();
        ranks.set(3, 70);
        JobPlan plan = new JobPlan("job-1", 70, List.of(
                new ProgramPlan(60, Map.of("A", "b=c", "E", ""), "/w", new Command(List.of("/bin/x", "y z"), null)),
                new ProgramPlan(10, Map.of(), null, new Command(List.of("java"), List.of("-cp", "p", "Main")))),
                Map.of("JADI_DEVICE", "tcp"), "-Xmx1g", "/a.jsa", 5005, true, "/r", false, List.of("--map-by", "core"));
        AgentTask task = new AgentTask(List.of(new AgentSpec(4, "h4", ranks), new AgentSpec(5, "h\u00e4", new BitSet())),
                new TreeSettings(List.of("ssh"), List.of("java", "Agent"), 8, 100, 200, true), JobSecret.random(), plan, true,
                List.of("a.jar"));
        AgentTask back = AgentTask.decode(task.encode());
        assertEquals(task.group(), back.group());
        assertEquals(task.settings(), back.settings());
        assertEquals(task.secret().toHex(), back.secret().toHex());
        assertEquals(task.plan(), back.plan());
        assertEquals(task.interactive(), back.interactive());
        assertEquals(task.files(), back.files());
        assertFalse(task.toString().contains(task.secret().toHex()), "a task may be printed, its secret not");
    }

    @Test
    void shouldNotAllocateWhatIsOnlyPromised() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int turn = 0; turn < 2000; turn++) {
            byte[] garbage = new byte[random.nextInt(60)];
            random.nextBytes(garbage);
            try {
                AgentTask.decode(garbage);
            } catch (BufferUnderflowException | IllegalArgumentException e) {
                continue;
            }
        }
        assertThrows(BufferUnderflowException.class, () -> new BodyReader(new byte[] {0x7f, 0, 0, 0}).bytes());
        assertThrows(BufferUnderflowException.class, () -> new BodyReader(new byte[] {0x7f, 0, 0, 0, 0, 0}).texts());
    }
}
