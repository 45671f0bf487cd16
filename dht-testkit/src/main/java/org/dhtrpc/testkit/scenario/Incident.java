package org.dhtrpc.testkit.scenario;

import java.util.Arrays;
import java.util.List;

/**
 * A fault and when it begins: a line of a {@link Scenario}, such as {@code at 10s partition 0.3 for 20s}.
 *
 * @param trigger when it begins
 * @param fault what happens
 */
public record Incident(Trigger trigger, Fault fault) {
    static Incident parse(String line) {
        List<String> words = Arrays.asList(line.strip().split(" +", -1));
        int trigger = words.get(0).equals("at") ? 2 : 3;
        if (words.size() <= trigger) {
            throw new IllegalArgumentException("Not a fault: '" + line + "'; the forms are: at 10s crash 0.2,"
                    + " when reads 1000 partition 0.3 for 20s");
        }
        return new Incident(
                Trigger.parse(words.get(0), words.get(1), words.get(2)),
                Fault.parse(String.join(" ", words.subList(trigger, words.size()))));
    }

    @Override
    public String toString() {
        return trigger + " " + fault;
    }
}
