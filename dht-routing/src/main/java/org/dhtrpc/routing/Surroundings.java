package org.dhtrpc.routing;

import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Message;
import org.dhtrpc.spi.IdPolicy;
import org.dhtrpc.spi.Wire;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Kademlia} needs to know of its surroundings.
 *
 * @param id our own id
 * @param endpoint the address that we are bound to
 * @param publicAddress the address that others reach us at, where somebody has said it; else null
 * @param wire what the messages can say
 * @param size how many bytes a message takes
 * @param idPolicy which ids are believed
 * @param random ids, tokens and transaction ids come from here; must not be predictable where there are strangers
 * @param reachable whether the transport can send to an endpoint at all
 * @param filter whether the application wants to have to do with an endpoint; must not throw
 * @param punching whether there is a hole puncher; without one, holes are punched only on a wire that has relays
 */
public record Surroundings(
        Key id,
        Endpoint endpoint,
        @Nullable Endpoint publicAddress,
        Wire wire,
        ToIntFunction<Message> size,
        IdPolicy idPolicy,
        RandomGenerator random,
        Predicate<Endpoint> reachable,
        Predicate<Endpoint> filter,
        boolean punching) {}
