package org.dhtrpc.holepunch;

/** One way to open a path. Several are tried at once; each looks after its own timers and sockets. */
interface Attempt {
    /** Called once, after its head start for others is over. */
    void begin(long now);

    /** Nothing more is sent. Idempotent; may come before {@link #begin}. */
    void end();
}
