package org.jadi.launcher.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.jadi.bootstrap.Spelling;
import org.jadi.launcher.LauncherException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class OptionParserTest {
    private static JobOptions parse(String... words) {
        return OptionParser.parse(words, Map.of("SET", "value"));
    }

    @Test
    void shouldLeaveProgramsOptionsToProgram() {
        JobOptions options = parse("-np", "3", "prog", "-np", "9", "--help", "--", "-x");
        assertEquals(List.of("prog", "-np", "9", "--help", "--", "-x"), options.programs().get(0).words());
        assertEquals(3, options.size());
    }

    @Test
    void shouldReadSeveralPrograms() {
        JobOptions options = parse("-n", "2", "-x", "SET", "a", "1", ":", "-np=3", "--env", "B=c=d", "--wdir", "/w", "-cp", "x",
                "Main");
        assertEquals(5, options.size());
        assertEquals(new ProgramSpec(2, Map.of("SET", "value"), null, null, List.of("a", "1")), options.programs().get(0));
        assertEquals(new ProgramSpec(3, Map.of("B", "c=d"), "/w", "x", List.of("Main")), options.programs().get(1));
    }

    @Test
    void shouldPassOnTheLayout() {
        assertTrue(parse("-np", "2", "x").layout().words().isEmpty());
        assertEquals(List.of("--map-by", "ppr:2:package:PE=2", "--rank-by", "fill", "--bind-to", "core:REPORT", "--cpu-set", "0-3",
                "--report-bindings", "--display-map"), parse("--map-by=ppr:2:package:PE=2", "--rank-by", "fill", "--bind-to", "core:REPORT",
                "--cpu-list", "0-3", "--display", "map", "x").layout().words());
        assertEquals(3, parse("--ppr", "3:node", "x").layout().perHost());
        assertEquals(4, parse("--map-by", "ppr:4:NODE:PE=2", "x").layout().perHost());
        assertEquals(0, parse("--map-by", "ppr:4:package", "x").layout().perHost());
        assertTrue(parse("--map-by", "core", "x").isUnsettled());
        assertThrows(LauncherException.class, () -> parse("--display", "maps", "x"));
    }

    @Test
    void shouldLeaveTheWordsAfterTopologyToItsTool() {
        JobOptions options = parse("-v", "--topology", "machine.xml", "--svg", "-np", "4");
        assertEquals(JobOptions.Mode.TOPOLOGY, options.mode());
        assertEquals(List.of("machine.xml", "--svg", "-np", "4"), options.toolWords());
    }

    @Test
    void shouldReadNetworksAndGateways() {
        RemoteOptions remote = parse("--iface", "eth1,10.0.0.0/8", "--gateway=gw1,gw2", "x").remote();
        assertEquals("eth1,10.0.0.0/8", remote.interfaces());
        assertEquals("gw1,gw2", remote.gateways());
        assertNull(parse("x").remote().gateways());
    }

    @Test
    void shouldReadTimes() {
        assertEquals(90_000, parse("--timeout", "90", "x").timeoutMillis());
        assertEquals(90_000, parse("--timeout=90s", "x").timeoutMillis());
        assertEquals(250, parse("--timeout", "250ms", "x").timeoutMillis());
        assertEquals(300_000, parse("--timeout", "5m", "x").timeoutMillis());
        assertEquals(5_400_000, parse("--timeout", "1.5h", "x").timeoutMillis());
        for (String wrong : List.of("", "s", "-1", "0", "1d", "NaN", "1e300")) {
            assertThrows(LauncherException.class, () -> parse("--timeout", wrong, "x"), wrong);
        }
    }

    @Test
    void shouldTakeDebugArgumentOnlyIfItIsOne() {
        assertEquals(5005, parse("--debug", "prog").debugPort());
        assertFalse(parse("--debug", "prog").debugSuspend());
        assertEquals(7000, parse("--debug", "7000,suspend=y", "prog").debugPort());
        assertTrue(parse("--debug=suspend=y", "prog").debugSuspend());
        assertEquals(List.of("prog"), parse("--debug", "7000", "prog").programs().get(0).words());
        assertEquals(".", parse("--jfr", "prog").recordingDirectory());
        assertEquals("/tmp", parse("--jfr=/tmp", "prog").recordingDirectory());
    }

    @Test
    void shouldNeedNoProgramForQuestions() {
        assertEquals(JobOptions.Mode.HELP, parse("--help").mode());
        assertEquals(JobOptions.Mode.VERSION, parse("--version").mode());
        assertTrue(parse("--print-config").printConfig());
    }

    @Test
    void shouldSuggestForATypoInEveryOption() {
        for (OptionName option : OptionName.values()) {
            for (String name : option.names()) {
                if (name.length() > 4) {
                    String typo = name.substring(0, 3) + name.charAt(4) + name.charAt(3) + name.substring(5);
                    if (OptionName.find(typo) != null) {
                        continue; // The two letters are the same.
                    }
                    LauncherException e = assertThrows(LauncherException.class, () -> parse(typo, "x"));
                    assertTrue(e.getMessage().startsWith("unknown option " + typo + "; did you mean "), e.getMessage());
                    assertTrue(e.getMessage().contains(name.replaceFirst("^-+", "")), e.getMessage());
                }
            }
        }
        assertNull(Suggestion.nearest("--somethingelse"));
        assertEquals(1, Spelling.distance("device", "devcie"));
    }
}
