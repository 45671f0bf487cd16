package org.dhtrpc.testkit.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A text that consists of parts, in any order, with a comma and white space in between. */
final class Parts {
    private final String text;
    private final String forms;
    private final List<String> left;

    /** With what all of its parts look like, for messages. */
    Parts(String text, String forms) {
        this.text = text;
        this.forms = forms;
        left = new ArrayList<>(List.of(text.strip().replaceAll("\\s+", " ").split(" ?, ", -1)));
    }

    /** The first part that looks like this, which is then taken out. */
    @Nullable
    MatchResult take(Pattern form) {
        for (String part : left) {
            Matcher matcher = form.matcher(part);
            if (matcher.matches()) {
                left.remove(part);
                return matcher.toMatchResult();
            }
        }
        return null;
    }

    /** The same for one that has to be there. */
    MatchResult need(String name, Pattern form) {
        MatchResult part = take(form);
        if (part == null) {
            throw new IllegalArgumentException("No " + name + " in '" + text + "'; the parts are " + forms);
        }
        return part;
    }

    /** Takes offence at what nobody has taken. */
    void end() {
        if (!left.isEmpty()) {
            throw new IllegalArgumentException(
                    "Not understood, or there twice: '" + left.get(0) + "'; the parts are " + forms);
        }
    }
}
