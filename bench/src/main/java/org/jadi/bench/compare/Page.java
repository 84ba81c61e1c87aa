package org.jadi.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** One HTML page with all plots and tables: {@code comparison.html}, and the plots beside it in {@code plots/}. */
final class Page {

    private static final String STYLE =
            "body{font-family:sans-serif;max-width:75em;margin:2em auto;padding:0 1em}table{border-collapse:collapse}"
                    + "td,th{border:1px solid #ccc;padding:.2em .5em;text-align:right;font-size:90%}img{width:47em;max-width:100%}";

    private Page() {}

    /** Replaces page and plots of an earlier run. Returns the page. */
    static Path write(Path folder, String markdown, Map<String, String> plots) throws IOException {
        Path pictures = Files.createDirectories(folder.resolve("plots"));
        try (Stream<Path> old = Files.list(pictures)) {
            for (Path file : old.filter(f -> f.toString().endsWith(".svg")).toList()) {
                Files.delete(file);
            }
        }
        StringBuilder images = new StringBuilder("<h2>Plots</h2>\n");
        for (Map.Entry<String, String> plot : plots.entrySet()) {
            Files.writeString(pictures.resolve(plot.getKey()), plot.getValue());
            images.append("<p><img src=\"plots/").append(plot.getKey()).append("\" alt=\"").append(plot.getKey()).append("\"></p>\n");
        }
        Path page = folder.resolve("comparison.html");
        Files.writeString(page, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Jadi and C MPI libraries"
                + "</title><style>" + STYLE + "</style></head><body>\n" + body(markdown, images.toString()) + "</body></html>\n");
        return page;
    }

    /** As much of Markdown as {@link Tables} writes. The plots stand after the remarks, before the first table. */
    static String body(String markdown, String images) {
        StringBuilder html = new StringBuilder();
        String open = "";
        boolean imagesDone = false;
        for (String line : markdown.split("\n")) {
            String kind = line.startsWith("- ") ? "ul" : line.startsWith("|") ? "table" : "";
            if (!kind.equals(open)) {
                html.append(open.isEmpty() ? "" : "</" + open + ">\n").append(kind.isEmpty() ? "" : "<" + kind + ">\n");
            }
            boolean head = kind.equals("table") && !open.equals("table");
            open = kind;
            if (line.startsWith("## ") && !imagesDone) {
                html.append(images);
                imagesDone = true;
            }
            html.append(element(line, head));
        }
        html.append(open.isEmpty() ? "" : "</" + open + ">\n");
        return html.append(imagesDone ? "" : images).toString();
    }

    private static String element(String line, boolean head) {
        String text = line.replace("&", "&amp;").replace("<", "&lt;").replaceAll("\\*([^*]+)\\*", "<em>$1</em>")
                .replaceAll("`([^`]+)`", "<code>$1</code>");
        if (line.isEmpty() || line.startsWith("|---")) {
            return "";
        }
        if (line.startsWith("# ")) {
            return "<h1>" + text.substring(2) + "</h1>\n";
        }
        if (line.startsWith("## ")) {
            return "<h2>" + text.substring(3) + "</h2>\n";
        }
        if (line.startsWith("- ")) {
            return "<li>" + text.substring(2) + "</li>\n";
        }
        if (line.startsWith("|")) {
            String cell = head ? "th" : "td";
            String inside = text.substring(1, text.length() - 1).strip().replaceAll("\\s*\\|\\s*", "</" + cell + "><" + cell + ">");
            return "<tr><" + cell + ">" + inside + "</" + cell + "></tr>\n";
        }
        return "<p>" + text + "</p>\n";
    }
}
