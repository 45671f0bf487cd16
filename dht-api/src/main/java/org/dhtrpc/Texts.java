package org.dhtrpc;

/** Quoting a caller's text in an error message: whole if short, cut if it could fill a log. */
final class Texts {
    private static final int LIMIT = 80;

    private Texts() {}

    static String shortened(String text) {
        return text.length() <= LIMIT ? text : text.substring(0, LIMIT) + "…";
    }
}
