package org.jadi.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every function of the standard is there, or stands with a reason in {@code mpi-absent.txt}; docs/mpi-coverage.md says the
 * same.
 */
class MpiCoverageTest {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Path TABLE = ROOT.resolve("docs/mpi-coverage.md");

    private static MpiCoverage coverage;
    private static List<String> functions;

    /** Reasons by pattern: a name, or the beginning of names and a star. */
    private static final Map<String, String> REASONS = new LinkedHashMap<>();

    @BeforeAll
    static void read() throws IOException {
        Path api = ROOT.resolve("mpi-api");
        coverage = MpiCoverage.of(api.resolve("src/main/java/org/jadi/mpi"), api.resolve("target/generated-sources"));
        functions = lines("mpi-functions.txt");
        for (String line : lines("mpi-absent.txt")) {
            String[] parts = line.split(": ", 2);
            assertEquals(2, parts.length, "NAME: REASON is wanted: " + line);
            REASONS.put(parts[0], parts[1]);
        }
    }

    private static List<String> lines(String name) throws IOException {
        try (InputStream in = MpiCoverageTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(String::strip)
                    .filter(l -> !l.isEmpty() && !l.startsWith("#")).toList();
        }
    }

    @Test
    void everyFunctionIsThereOrHasAReason() {
        List<String> missing = functions.stream().filter(f -> coverage.members(f).isEmpty() && reason(f) == null).toList();
        assertEquals(List.of(), missing, "name them in the comment of a public member, or with a reason in mpi-absent.txt");
    }

    @Test
    void reasonsAreGivenForWhatIsAbsentOnly() {
        List<String> idle = REASONS.keySet().stream().filter(pattern -> functions.stream()
                .noneMatch(f -> fits(pattern, f) && coverage.members(f).isEmpty())).toList();
        assertEquals(List.of(), idle, "what these lines of mpi-absent.txt excuse is there, or is no function");
    }

    @Test
    void commentsNameFunctionsOfTheStandardOnly() {
        Set<String> unknown = new TreeSet<>(coverage.mentioned().stream()
                .filter(f -> f.matches("MPIX?_[A-Z][a-z]\\w*") && !functions.contains(f)).toList());
        assertEquals(Set.of(), unknown);
        assertTrue(functions.contains("MPI_Send") && coverage.members("MPI_Send").toString().contains("BlockingMessages.send"),
                "the sources were not read");
    }

    @Test
    void tableIsCurrent() throws IOException {
        String expected = table();
        if (Boolean.getBoolean("jadi.update")) {
            Files.writeString(TABLE, expected);
        }
        assertTrue(Files.exists(TABLE) && expected.equals(Files.readString(TABLE)), "docs/mpi-coverage.md is not what the"
                + " sources say; run mvn -q -B -pl ci/arch -am package -Dtest=MpiCoverageTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Djadi.update=true");
    }

    /** Returns the reason for an absent function; a whole name goes before a beginning, a longer one before a shorter. */
    private static String reason(String function) {
        return REASONS.keySet().stream().filter(p -> fits(p, function))
                .max((a, b) -> Integer.compare(a.replace("*", "").length(), b.replace("*", "").length()))
                .map(REASONS::get).orElse(null);
    }

    private static boolean fits(String pattern, String function) {
        int star = pattern.indexOf('*');
        return star < 0 ? pattern.equals(function) : function.startsWith(pattern.substring(0, star))
                && function.endsWith(pattern.substring(star + 1)) && function.length() >= pattern.length() - 1;
    }

    private static String table() {
        List<String> there = functions.stream().filter(f -> !coverage.members(f).isEmpty()).sorted().toList();
        List<String> absent = functions.stream().filter(f -> coverage.members(f).isEmpty()).sorted().toList();
        StringBuilder s = new StringBuilder("# The functions of MPI in Jadi\n\nGenerated from the comments of the public"
                + " interface by `MpiCoverageTest`; do not edit. ").append(there.size()).append(" of ").append(functions.size())
                .append(" functions are there.\nThose of the large-count interface (`_c`) are not counted: every count is a"
                + " `long`, or that of a Java array.\n\n| function | in Jadi | MPI 4.1 |\n|---|---|---|\n");
        for (String f : there) {
            Set<MpiCoverage.Member> m = coverage.members(f);
            s.append("| `").append(f).append("` | ").append(m.stream().map(x -> "`" + x.name() + "`").distinct()
                    .collect(Collectors.joining(", "))).append(" | ").append(m.stream().map(MpiCoverage.Member::section)
                    .filter(x -> !x.isEmpty()).findFirst().orElse("")).append(" |\n");
        }
        s.append("\n## Absent\n\n| functions | why |\n|---|---|\n");
        Map<String, List<String>> byReason = new LinkedHashMap<>();
        for (String f : absent) {
            byReason.computeIfAbsent(reason(f) == null ? "no reason is given" : reason(f), r -> new ArrayList<>()).add(f);
        }
        byReason.forEach((why, names) -> s.append("| ").append(names.stream().map(n -> "`" + n + "`")
                .collect(Collectors.joining(", "))).append(" | ").append(why).append(" |\n"));
        return s.toString();
    }
}
