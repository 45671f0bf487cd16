package org.dhtrpc.spi;

import java.util.concurrent.CompletionStage;
import org.dhtrpc.Endpoint;

/** Reaches peers behind NATs. A node has none unless it is given one; this is all that it knows of the matter. */
public interface HolePuncher {
    /**
     * Opens a path to the peer with the help of a referrer that knows both ends. Called on the node's loop; must not
     * block. The stage may complete on any thread.
     *
     * @return a stage that fails with a {@link org.dhtrpc.DhtException} of reason PUNCH_FAILED if there is no path
     */
    CompletionStage<? extends Punched> punch(Endpoint peer, Endpoint referrer);
}
