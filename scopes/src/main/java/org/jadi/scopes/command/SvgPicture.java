package org.jadi.scopes.command;

import java.util.ArrayList;
import java.util.List;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.HwObject;
import org.jadi.scopes.topology.HwType;
import org.jadi.scopes.topology.Topology;

/** A machine as nested boxes in SVG; CPUs that ranks hold are coloured by rank. */
final class SvgPicture {
    private static final int PU_WIDTH = 54;
    private static final int PU_HEIGHT = 32;
    private static final int GAP = 6;
    private static final int TITLE = 16;
    private static final int LETTER = 7;

    /** A box with its place inside the one around it. */
    private record Box(HwObject object, List<Box> inner, int x, int y, int width, int height) {
        Box at(int left, int top) {
            return new Box(object, inner, left, top, width, height);
        }
    }

    private final Topology topology;
    private final Holders holders;
    private final StringBuilder svg = new StringBuilder();

    private SvgPicture(Topology topology, Holders holders) {
        this.topology = topology;
        this.holders = holders;
    }

    static String of(Topology topology, Holders holders) {
        SvgPicture picture = new SvgPicture(topology, holders);
        Box machine = picture.layOut(topology.root()).at(GAP, GAP);
        int width = machine.width() + 2 * GAP;
        int height = machine.height() + 3 * GAP + TITLE;
        picture.svg.append(String.format("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                + " font-family=\"sans-serif\" font-size=\"11\">%n", width, height, width, height));
        picture.svg.append(String.format("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>%n", width, height));
        picture.draw(machine, 0, 0);
        picture.text(GAP, height - GAP, topology.toString());
        return picture.svg.append("</svg>\n").toString();
    }

    private Box layOut(HwObject object) {
        List<Box> inner = new ArrayList<>();
        object.memory().forEach(m -> inner.add(leaf(m)));
        if (object.type() != HwType.PU) {
            object.children().forEach(c -> inner.add(layOut(c)));
        }
        if (inner.isEmpty()) {
            return leaf(object);
        }
        // Rows of about as many as there are rows, so that pictures of large machines stay squarish.
        int perRow = inner.size() <= 4 ? inner.size() : (int) Math.ceil(Math.sqrt(inner.size()));
        List<Box> placed = new ArrayList<>();
        int x = GAP;
        int y = TITLE + GAP;
        int rowHeight = 0;
        int width = title(object).length() * LETTER + 2 * GAP;
        for (int i = 0; i < inner.size(); i++) {
            if (i % perRow == 0 && i > 0) {
                x = GAP;
                y += rowHeight + GAP;
                rowHeight = 0;
            }
            Box box = inner.get(i).at(x, y);
            placed.add(box);
            x += box.width() + GAP;
            rowHeight = Math.max(rowHeight, box.height());
            width = Math.max(width, x);
        }
        return new Box(object, placed, 0, 0, width, y + rowHeight + GAP);
    }

    private Box leaf(HwObject object) {
        return new Box(object, List.of(), 0, 0, Math.max(PU_WIDTH, title(object).length() * LETTER + 2 * GAP), PU_HEIGHT);
    }

    private static String title(HwObject object) {
        return object.type() == HwType.PU ? "P" + object.osIndex() : TreePicture.name(object);
    }

    private void draw(Box box, int left, int top) {
        int x = left + box.x();
        int y = top + box.y();
        HwObject object = box.object();
        svg.append(String.format("<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"3\" fill=\"%s\" stroke=\"#555\"/>%n", x, y,
                box.width(), box.height(), colour(object)));
        text(x + GAP, y + TITLE - 3, title(object));
        if (object.type() == HwType.PU) {
            text(x + GAP, y + PU_HEIGHT - 4, holders.of(object.cpus()).replace("ranks ", "r").replace("rank ", "r"));
        }
        box.inner().forEach(inner -> draw(inner, x, y));
    }

    private String colour(HwObject object) {
        if (object.type() == HwType.PU) {
            CpuSet ranks = holders.ranks(object.cpus());
            if (!ranks.isEmpty()) {
                return "hsl(" + ranks.first() * 137 % 360 + ",70%,75%)"; // neighbours differ clearly
            }
            return !topology.allowed().containsAll(object.cpus()) ? "#d0d0d0" : holders.of(object.cpus()).isEmpty() ? "white" : "#ffe9a8";
        }
        return switch (object.type()) {
            case PACKAGE, DIE -> "#eef3fb";
            case NUMA -> "#f3d9d9";
            case CORE -> "#e4e4e4";
            case MACHINE, GROUP -> "#fbfbfb";
            default -> "#ffffff";
        };
    }

    private void text(int x, int y, String words) {
        if (!words.isEmpty()) {
            svg.append(String.format("<text x=\"%d\" y=\"%d\">%s</text>%n", x, y, words.replace("&", "&amp;").replace("<", "&lt;")));
        }
    }
}
