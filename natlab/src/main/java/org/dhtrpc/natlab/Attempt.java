package org.dhtrpc.natlab;

/**
 * What came of one try.
 *
 * @param connected whether both have reached each other by the path that was found
 * @param path which one, in the hole puncher's words; empty if there is none
 * @param ms from the call to the answer, or to the failure
 * @param probes how many datagrams the caller sent for it
 * @param reason why it failed, in a word; empty if it did not
 * @param detail the same in a sentence
 */
record Attempt(boolean connected, String path, double ms, int probes, String reason, String detail) {
    static Attempt connected(String path, double ms, int probes) {
        return new Attempt(true, path, ms, probes, "", "");
    }

    static Attempt failed(double ms, String reason, String detail) {
        return new Attempt(false, "", ms, 0, reason, detail);
    }

    boolean relayed() {
        return connected && path.equals("relayed");
    }

    boolean direct() {
        return connected && !relayed();
    }
}
