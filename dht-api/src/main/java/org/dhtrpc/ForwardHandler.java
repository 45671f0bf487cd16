package org.dhtrpc;

/** Has queries for a command answered by way of others: dht-rpc 6's {@code req.relay} and {@code req.reply(value, {to})}. */
@FunctionalInterface
public interface ForwardHandler {
    /**
     * Says where a query goes on to, or its answer. Runs on the node's loop, and must not block.
     *
     * <p>What it names is sent to as it stands, so take it from whom you trust: a node that lets strangers choose the address
     * sends for them. To an address that cannot be reached from here, and with more bytes than the asker may have sent to it,
     * nothing goes: the asker gets an error.
     *
     * @throws Exception anything: the asker gets an error, as with a {@link QueryHandler}
     */
    Forward handle(IncomingQuery query) throws Exception;
}
