package org.jadi.scopes.topology;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Takes apart the XML that hwloc writes: elements, attributes, text, and the five entities and numeric ones. A few dozen
 * lines start ten times as fast as the JDK's readers, which matters to a launcher. Not safe for several threads.
 */
final class XmlScanner {
    /** What {@link #next} has found. */
    enum Event { START, END, TEXT, FINISHED }

    private final String xml;
    private int at;
    private String name = "";
    private Map<String, String> attributes = Map.of();
    private String text = "";
    private boolean endFollows; // after an empty element

    XmlScanner(String xml) {
        this.xml = xml;
    }

    /** Goes on to the next element's begin or end, or text that is not blank. */
    Event next() {
        if (endFollows) {
            endFollows = false;
            return Event.END;
        }
        while (at < xml.length()) {
            if (xml.charAt(at) != '<') {
                int end = xml.indexOf('<', at);
                String found = xml.substring(at, end < 0 ? xml.length() : end).strip();
                at = end < 0 ? xml.length() : end;
                if (!found.isEmpty()) {
                    text = unescape(found);
                    return Event.TEXT;
                }
            } else if (xml.startsWith("<!--", at)) {
                at = after("-->");
            } else if (xml.startsWith("<?", at) || xml.startsWith("<!", at)) {
                at = after(">");
            } else if (xml.startsWith("</", at)) {
                int begin = at + 2;
                at = after(">");
                name = xml.substring(begin, at - 1).strip();
                return Event.END;
            } else {
                readStart();
                return Event.START;
            }
        }
        return Event.FINISHED;
    }

    /** Returns the name of the element. */
    String name() {
        return name;
    }

    /** Returns the attributes of the element that has begun. */
    Map<String, String> attributes() {
        return attributes;
    }

    /** Returns the text found. */
    String text() {
        return text;
    }

    private void readStart() {
        int begin = ++at;
        while (at < xml.length() && "> \t\r\n/".indexOf(xml.charAt(at)) < 0) {
            at++;
        }
        name = xml.substring(begin, at);
        attributes = new LinkedHashMap<>();
        while (true) {
            skipBlanks();
            if (xml.startsWith("/>", at)) {
                at += 2;
                endFollows = true;
                return;
            }
            if (xml.startsWith(">", at)) {
                at++;
                return;
            }
            int equals = xml.indexOf('=', at);
            char quote = equals < 0 || equals + 1 >= xml.length() ? ' ' : xml.charAt(equals + 1);
            int end = quote == '"' || quote == '\'' ? xml.indexOf(quote, equals + 2) : -1;
            if (end < 0) {
                throw malformed("an attribute of <" + name + "> has no value");
            }
            attributes.put(xml.substring(at, equals).strip(), unescape(xml.substring(equals + 2, end)));
            at = end + 1;
        }
    }

    private void skipBlanks() {
        while (at < xml.length() && Character.isWhitespace(xml.charAt(at))) {
            at++;
        }
    }

    private int after(String mark) {
        int found = xml.indexOf(mark, at);
        if (found < 0) {
            throw malformed("there is no " + mark);
        }
        return found + mark.length();
    }

    private IllegalArgumentException malformed(String what) {
        return new IllegalArgumentException("not an XML description of a machine: " + what + " at character " + at);
    }

    private String unescape(String s) {
        if (s.indexOf('&') < 0) {
            return s;
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < s.length();) {
            int end = s.charAt(i) == '&' ? s.indexOf(';', i) : -1;
            if (end < 0) {
                out.append(s.charAt(i++));
            } else {
                out.append(entity(s.substring(i + 1, end)));
                i = end + 1;
            }
        }
        return out.toString();
    }

    private String entity(String entity) {
        try {
            return switch (entity) {
                case "lt" -> "<";
                case "gt" -> ">";
                case "amp" -> "&";
                case "quot" -> "\"";
                case "apos" -> "'";
                default -> entity.startsWith("#x") ? Character.toString(Integer.parseInt(entity.substring(2), 16))
                        : Character.toString(Integer.parseInt(entity.substring(1)));
            };
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw malformed("unknown entity &" + entity + ";");
        }
    }
}
